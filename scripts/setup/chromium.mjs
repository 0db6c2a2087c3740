/** Finds a Chromium for the end-to-end tests: the one named, the system's, Playwright's, else installs one. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runNode, runProcess, SetupError } from './process.mjs';
import { at } from './files.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Debian's package, and fonts: a page without any would be empty boxes. */
const PACKAGES = ['chromium', 'fonts-liberation'];

/**
 * @returns {Promise<string>} the path of a Chromium that starts
 * @throws SetupError when there is none and none can be installed
 */
export async function chromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (await starts(named)) return named;
    throw new SetupError(`CHROMIUM_PATH is ${named}, and no Chromium starts there.`);
  }
  for (const find of [installed, fromDebian, fromPlaywright]) {
    const found = await find();
    if (found !== null) return found;
  }
  throw new SetupError(
    'No Chromium was found, and none could be installed.\n' +
      'Install one (Debian, Ubuntu: sudo apt-get install chromium), or name one: CHROMIUM_PATH=/path/to/chrome npm test.',
  );
}

async function installed() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    await playwrightPath(),
  ];
  for (const candidate of candidates)
    if (existsSync(candidate) && (await starts(candidate))) return candidate;
  return null;
}

/** Ubuntu's /usr/bin/chromium-browser may be a stub that only advertises a snap: ask it. */
function starts(file) {
  return new Promise((resolve) => {
    execFile(file, ['--version'], { timeout: 30_000 }, (error, stdout) =>
      resolve(error === null && /chrom/i.test(stdout)),
    );
  });
}

async function fromDebian() {
  if (!existsSync('/etc/debian_version')) return null;
  const root = process.getuid?.() === 0;
  if (!root && (await runProcess('sudo', ['-n', 'true'], { quiet: true })).code !== 0) return null;
  const apt = (...args) =>
    runProcess(root ? 'apt-get' : 'sudo', [...(root ? [] : ['-n', 'apt-get']), ...args], {
      quiet: true,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  console.log(`Installing ${PACKAGES.join(' and ')} (apt-get) ...`);
  await apt('update');
  const { code, output } = await apt('install', '-y', '--no-install-recommends', ...PACKAGES);
  if (code !== 0) console.log(`${output}\napt-get install ended with exit code ${code}.`);
  return installed();
}

async function fromPlaywright() {
  console.log('Fetching Chromium with Playwright ...');
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  const more = root ? ['--with-deps'] : [];
  await runNode([at('node_modules/@playwright/test/cli.js'), 'install', ...more, 'chromium']);
  return installed();
}

async function playwrightPath() {
  const { chromium: browser } = await import('@playwright/test');
  return browser.executablePath();
}
