/** Where things are, and whether they are older than what they are made from. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** An absolute path below the root of the project. */
export const at = (...parts) => path.join(ROOT, ...parts);

/** A hash over names and contents. @param files absolute paths; missing ones count as missing */
export async function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const contents = existsSync(file) ? await readFile(file) : 'missing';
    hash.update(`${path.relative(ROOT, file)} ${contents.length} `).update(contents);
  }
  return hash.digest('hex');
}

/** All files below a folder whose names `keep` takes. */
export async function filesBelow(folder, keep = () => true) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter(keep);
}

/** Whether a stamp file holds this text. */
export async function stampIs(file, text) {
  return existsSync(file) && (await readFile(file, 'utf8')) === text;
}

export async function writeStamp(file, text) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
