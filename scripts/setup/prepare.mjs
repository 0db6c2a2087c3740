/** Everything that a command needs before it can start; each part is skipped when it is up to date. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { dependenciesReady, installDependencies } from './dependencies.mjs';
import { at, filesBelow, hashFiles, stampIs, writeStamp } from './files.mjs';
import { withSetupLock } from './lock.mjs';
import { runNode, SetupError } from './process.mjs';

const DATA_STAMP = at('build/data.sha256');
const PAGE_STAMP = at('build/page.sha256');

/** The dependencies alone: enough for checks that only read. */
export async function prepareDependencies({ quiet = false } = {}) {
  if (await dependenciesReady()) return;
  await withSetupLock(async () => {
    if (!(await dependenciesReady())) await installDependencies({ quiet });
  });
}

/**
 * Dependencies, data and kernels; with `page` the built page too.
 * @param {{ quiet?: boolean, page?: boolean }} [options]
 */
export async function prepare({ quiet = false, page = false } = {}) {
  await prepareDependencies({ quiet });
  if (!(await dataReady())) {
    await withSetupLock(async () => {
      if (!(await dataReady())) await prepareData(quiet);
    });
  }
  const { buildKernels } = await import('../build-kernels.mjs');
  await buildKernels({ quiet });
  if (page && !(await pageReady())) {
    await withSetupLock(async () => {
      if (!(await pageReady())) await buildPage(quiet);
    });
  }
}

async function recipes() {
  return (await readdir(at('datasets'))).filter((name) => name.endsWith('.json'));
}

async function dataHash() {
  const sources = ['src/core/datasets', 'src/core/formats'].map((folder) =>
    filesBelow(at(folder), (file) => file.endsWith('.ts') && !file.endsWith('.test.ts')),
  );
  const given = (await recipes()).map((name) => at('datasets', name));
  return hashFiles([...(await Promise.all(sources)).flat(), ...given, at('scripts/prepare-data.mjs')]);
}

async function dataReady() {
  const present = (await recipes()).every((name) =>
    existsSync(at('public/data', path.basename(name, '.json'), 'manifest.json')),
  );
  return present && stampIs(DATA_STAMP, await dataHash());
}

async function prepareData(quiet) {
  const { code, output } = await runNode([at('scripts/prepare-data.mjs')], { quiet });
  if (code !== 0) throw new SetupError(`${output}\nThe data could not be prepared.`);
  await writeStamp(DATA_STAMP, await dataHash());
}

/** Everything that the page is built from; of the data its manifests, which name each shard with its hash. */
async function pageHash() {
  const [source, served] = await Promise.all([
    filesBelow(at('src'), (file) => !/\.test\.tsx?$/.test(file)),
    filesBelow(
      at('public'),
      (file) => !file.startsWith(at('public/data/')) || file.endsWith('manifest.json'),
    ),
  ]);
  const single = ['index.html', 'vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json'];
  return hashFiles([
    ...source,
    ...served,
    ...single.map((name) => at(name)),
    at('build/kernels/sources.sha256'),
  ]);
}

async function pageReady() {
  return existsSync(at('dist/index.html')) && stampIs(PAGE_STAMP, await pageHash());
}

async function buildPage(quiet) {
  if (!quiet) console.log('Building the page (vite build) ...');
  const before = await pageHash();
  const level = quiet ? 'error' : 'warn';
  const { code, output } = await runNode(
    [at('node_modules/vite/bin/vite.js'), 'build', '--logLevel', level],
    {
      quiet,
      env: { NODE_ENV: 'production' },
    },
  );
  if (code !== 0) throw new SetupError(`${output}\nThe page could not be built.`);
  await writeStamp(PAGE_STAMP, before);
}
