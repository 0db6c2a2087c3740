import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromium, type Machine } from './chromium.mjs';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lab-chromium-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that says its version as Chromium does; or one that says something else. */
async function program(name: string, says = 'Chromium 150.0.1'): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho "${says}"\n`);
  await chmod(file, 0o755);
  return file;
}

const STUB = 'Command requires the snap to be installed.';

/** A machine on which each command ends as `ends` says; it remembers which were run. */
function machine(parts: Partial<Machine>, ends: (line: string) => Promise<number> | number = () => 0) {
  const ran: string[] = [];
  const run = async (line: string) => {
    ran.push(line);
    const code = await ends(line);
    return { code, output: code === 0 ? '' : `Get: 1\nE: ${line.split(' ')[0]} has no network\n` };
  };
  const made: Machine = {
    env: { PATH: folder },
    isLinux: true,
    isRoot: true,
    isDebian: true,
    run: (command, args) => run([command, ...args].join(' ')),
    runNode: ([cli = '', ...args]) => run([path.basename(cli), ...args].join(' ')),
    playwrightPath: () => Promise.resolve(path.join(folder, 'playwright/chrome')),
    say: () => undefined,
    ...parts,
  };
  return { made, ran };
}

const failure = (made: Machine): Promise<string> =>
  chromium(made).then(
    (found) => `found ${found}`,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('the Chromium of the tests', () => {
  it('is the one that is named, and no other', async () => {
    await program('chromium');
    const named = await program('mine/chrome', 'Google Chrome 150');
    expect(await chromium(machine({ env: { PATH: folder, CHROMIUM_PATH: named } }).made)).toBe(named);
    const { made, ran } = machine({ env: { PATH: folder, CHROMIUM_PATH: '/nowhere' } });
    expect(await failure(made)).toMatch(/CHROMIUM_PATH is \/nowhere, and no Chromium starts there/);
    expect(ran).toEqual([]);
  });

  it('is the system’s when that starts, and nothing is installed', async () => {
    await program('chromium-browser', STUB);
    const good = await program('google-chrome', 'Google Chrome 150');
    const { made, ran } = machine({});
    expect([await chromium(made), ran]).toEqual([good, []]);
  });

  it('is Playwright’s when that has been fetched before', async () => {
    const fetched = await program('playwright/chrome');
    const { made, ran } = machine({});
    expect([await chromium(made), ran]).toEqual([fetched, []]);
  });

  it.each([
    [
      'root',
      true,
      ['apt-get update', 'apt-get install -y --no-install-recommends chromium fonts-liberation'],
    ],
    [
      'sudo',
      false,
      [
        'sudo -n true',
        'sudo -n apt-get update',
        'sudo -n apt-get install -y --no-install-recommends chromium fonts-liberation',
      ],
    ],
  ])('comes from Debian’s package with %s', async (_, isRoot, lines) => {
    const { made, ran } = machine({ isRoot }, async (line) => {
      if (line.includes('install')) await program('chromium');
      return 0;
    });
    expect([await chromium(made), ran]).toEqual([path.join(folder, 'chromium'), lines]);
  });

  it.each([
    ['without root', { isRoot: false }, 'cli.js install chromium'],
    ['on another Linux', { isDebian: false }, 'cli.js install --with-deps chromium'],
    ['on a Mac', { isDebian: false, isLinux: false }, 'cli.js install chromium'],
    ['where the package is a stub', {}, 'cli.js install --with-deps chromium'],
  ])('comes from Playwright %s', async (_, parts, last) => {
    await program('chromium-browser', STUB);
    const { made, ran } = machine(parts, async (line) => {
      if (line.startsWith('sudo')) return 1;
      if (line.startsWith('cli.js')) await program('playwright/chrome');
      return 0;
    });
    expect(await chromium(made)).toBe(path.join(folder, 'playwright/chrome'));
    expect(ran.at(-1)).toBe(last);
  });

  it('is missed with the reason of each way: no network', async () => {
    const message = await failure(machine({}, () => 100).made);
    expect(message).toMatch(/none of chromium, .* is on the PATH/);
    expect(message).toContain('By apt-get: install ended with exit code 100: E: apt-get has no network');
    expect(message).toContain('From Playwright: its download ended with exit code 100: E: cli.js has no');
    expect(message).toContain('CHROMIUM_PATH=/path/to/chrome npm test');
  });

  it('is missed with the reason of each way: no root, and libraries that Playwright’s lacks', async () => {
    const stub = await program('chromium', STUB);
    const { made } = machine({ isRoot: false }, async (line) => {
      if (line.startsWith('sudo')) return 127;
      await program('playwright/chrome', 'error while loading shared libraries');
      return 0;
    });
    const message = await failure(made);
    expect(message).toContain(`${stub} did not start`);
    expect(message).toContain('By apt-get: it needs root, or sudo that asks for no password.');
    expect(message).toMatch(/playwright\/chrome does not start; libraries may be missing/);
  });

  it('is missed with the reason of each way: not Debian', async () => {
    const message = await failure(machine({ isDebian: false }).made);
    expect(message).toContain('By apt-get: this is not Debian or Ubuntu.');
  });
});
