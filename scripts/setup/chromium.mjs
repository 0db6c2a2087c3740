/** Finds a Chromium for the end-to-end tests: the one named, the system's, Playwright's, else installs one. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runNode, runProcess, SetupError } from './process.mjs';
import { at } from './files.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Debian's package, and fonts: a page without any would be empty boxes. */
const PACKAGES = ['chromium', 'fonts-liberation'];

/** What the search asks of the machine; tests put another one in its place. */
const thisMachine = {
  env: process.env,
  isLinux: process.platform === 'linux',
  isRoot: process.getuid?.() === 0,
  isDebian: existsSync('/etc/debian_version'),
  run: runProcess,
  runNode,
  playwrightPath: async () => (await import('@playwright/test')).chromium.executablePath(),
  say: (line) => console.log(line),
};

/**
 * @returns {Promise<string>} the path of a Chromium that starts
 * @throws SetupError when there is none and none can be installed; it says why each way failed
 */
export async function chromium(machine = thisMachine) {
  const named = machine.env.CHROMIUM_PATH;
  if (named) {
    if (await starts(named)) return named;
    throw new SetupError(
      `CHROMIUM_PATH is ${named}, and no Chromium starts there.\n` +
        'Give the path of one that starts, or leave CHROMIUM_PATH out: then one is looked for.',
    );
  }
  const failures = [];
  for (const way of [installed, fromDebian, fromPlaywright]) {
    const { found, why } = await way(machine);
    if (found) return found;
    failures.push(why);
  }
  throw new SetupError(
    `No Chromium was found, and none could be installed.\n${failures.map((why) => `  - ${why}`).join('\n')}\n` +
      'Install one (Debian, Ubuntu: sudo apt-get install chromium), or name one: CHROMIUM_PATH=/path/to/chrome npm test.',
  );
}

async function installed({ env, playwrightPath }) {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    await playwrightPath(),
  ].filter((file) => existsSync(file));
  for (const candidate of candidates) if (await starts(candidate)) return { found: candidate };
  return {
    why:
      candidates.length === 0
        ? `On this machine: none of ${NAMES.join(', ')} is on the PATH.`
        : `On this machine: ${candidates.join(', ')} did not start.`,
  };
}

/** Ubuntu's /usr/bin/chromium-browser may be a stub that only advertises a snap: ask it. */
function starts(file) {
  return new Promise((resolve) => {
    execFile(file, ['--version'], { timeout: 30_000 }, (error, stdout) =>
      resolve(error === null && /chrom/i.test(stdout)),
    );
  });
}

async function fromDebian(machine) {
  const { isDebian, isRoot, run, say } = machine;
  if (!isDebian) return { why: 'By apt-get: this is not Debian or Ubuntu.' };
  if (!isRoot && (await run('sudo', ['-n', 'true'], { quiet: true })).code !== 0)
    return { why: 'By apt-get: it needs root, or sudo that asks for no password.' };
  const apt = (...args) =>
    run(isRoot ? 'apt-get' : 'sudo', [...(isRoot ? [] : ['-n', 'apt-get']), ...args], {
      quiet: true,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  say(`Installing ${PACKAGES.join(' and ')} (apt-get) ...`);
  // Its failure shows in the next step, if what is known of the packages is too old for it.
  await apt('update');
  const { code, output } = await apt('install', '-y', '--no-install-recommends', ...PACKAGES);
  if (code !== 0) return { why: `By apt-get: install ended with exit code ${code}${lastLine(output)}` };
  const { found } = await installed(machine);
  return found ? { found } : { why: 'By apt-get: the package was installed, but no Chromium of it starts.' };
}

async function fromPlaywright(machine) {
  const { isLinux, isRoot, say, playwrightPath } = machine;
  say('Fetching Chromium with Playwright, a minute or two ...');
  const libraries = isLinux && isRoot ? ['--with-deps'] : [];
  const cli = at('node_modules/@playwright/test/cli.js');
  const { code, output } = await machine.runNode([cli, 'install', ...libraries, 'chromium'], { quiet: true });
  const file = await playwrightPath();
  if (existsSync(file) && (await starts(file))) return { found: file };
  if (code !== 0)
    return { why: `From Playwright: its download ended with exit code ${code}${lastLine(output)}` };
  return {
    why: `From Playwright: ${file} does not start; libraries may be missing (sudo npx playwright install-deps chromium).`,
  };
}

/** The last line that says something, as the end of a sentence. */
function lastLine(output) {
  const line = output.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '.' : `: ${line}`;
}
