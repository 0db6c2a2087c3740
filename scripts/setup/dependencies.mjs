/** The locked dependencies, installed when they are missing or other than package-lock.json says. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { at, hashFiles, stampIs, writeStamp } from './files.mjs';
import { runProcess, SetupError } from './process.mjs';

const STAMP = at('node_modules/.lab-lock');

async function wanted() {
  return `${await hashFiles([at('package-lock.json')])} ${process.platform}-${process.arch}`;
}

/** Whether nothing has to be installed. */
export async function dependenciesReady() {
  const text = await wanted();
  if (await stampIs(STAMP, text)) return true;
  if (!(await installedAsLocked())) return false;
  await writeStamp(STAMP, text);
  return true;
}

/** Whether somebody already ran `npm ci`: npm notes what it installed in a lock file of its own. */
async function installedAsLocked() {
  const note = at('node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const [locked, installed] = await Promise.all(
    [at('package-lock.json'), note].map(async (file) => JSON.parse(await readFile(file, 'utf8')).packages),
  );
  return Object.entries(locked).every(
    ([name, { version, optional }]) =>
      name === '' || (installed[name] ? installed[name].version === version : optional === true),
  );
}

/** @throws SetupError when npm cannot install them */
export async function installDependencies({ quiet }) {
  if (!quiet) console.log('Installing the locked dependencies (npm ci), a minute or two ...');
  // Its own level: `npm run -s` would keep it from saying why it failed.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const own = process.env.npm_execpath;
  const { code, output } = own?.endsWith('npm-cli.js')
    ? await runProcess(process.execPath, [own, ...args], { quiet })
    : await runProcess('npm', args, { quiet });
  if (code !== 0) {
    throw new SetupError(
      `${output}\nThe dependencies could not be installed: npm ci ended with exit code ${code}.\n` +
        'Check that the network and the npm registry can be reached, then run the command again.',
    );
  }
  await writeStamp(STAMP, await wanted());
}
