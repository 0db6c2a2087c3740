/**
 * Sets everything up and runs every check: format, lint, types, unit and golden tests, the build, end-to-end tests in
 * Chromium. Stops at the first that fails. The last line is `N passed, N failed`, counted in tests.
 *
 *   npm test [-- --only lint|unit|e2e] [pattern ...]
 *
 * Patterns go on to Vitest (with `--only unit`) or Playwright (with `--only e2e`).
 */
import './setup/check-node.mjs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { chromium } from './setup/chromium.mjs';
import { at } from './setup/files.mjs';
import { freePort } from './setup/free-port.mjs';
import { prepare } from './setup/prepare.mjs';
import { mainProgram, runNode, SetupError } from './setup/process.mjs';

const UNIT_REPORT = at('build/reports/unit.json');
const E2E_REPORT = at('build/reports/e2e.json');
const GROUPS = ['lint', 'unit', 'e2e'];

const tool = (file) => at('node_modules', file);

/** Tests counted so far. */
const total = { passed: 0, failed: 0 };

class CheckFailed extends Error {}

function heading(title) {
  console.log(`\n== ${title}`);
}

const seconds = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

/** Runs checks side by side; tells each when it has ended, and the output of those that fail. */
async function quietChecks(checks) {
  heading(checks.map(([title]) => title).join(', '));
  const started = performance.now();
  const failed = await Promise.all(
    checks.map(async ([title, args]) => {
      const { code, output } = await runNode(args, { quiet: true });
      console.log(`${title}: ${code === 0 ? 'ok' : 'failed'} (${seconds(started)})`);
      if (code !== 0) console.log(output.trimEnd());
      return code !== 0;
    }),
  );
  if (failed.includes(true)) throw new CheckFailed();
}

/** Runs a test runner that writes a report; counts its tests. */
async function tests(title, args, report, count, env) {
  heading(title);
  const started = performance.now();
  await rm(report, { force: true });
  const { code } = await runNode(args, { env });
  const { passed, failed } = await readFile(report, 'utf8').then(
    (text) => count(JSON.parse(text)),
    () => ({ passed: 0, failed: 0 }),
  );
  total.passed += passed;
  total.failed += failed;
  console.log(`${title}: ${passed} passed, ${failed} failed (${seconds(started)})`);
  if (code !== 0) throw new CheckFailed();
}

async function lint() {
  await quietChecks([
    ['Lint (eslint)', [tool('eslint/bin/eslint.js'), '.']],
    ['Format (prettier)', [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ]);
  await quietChecks([['Types (tsc)', [tool('typescript/bin/tsc'), '--noEmit', '-p', '.']]]);
}

async function unit(patterns) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`];
  await tests(
    'Unit and golden tests (vitest)',
    [tool('vitest/vitest.mjs'), 'run', ...reporters, ...patterns],
    UNIT_REPORT,
    (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
  );
}

async function e2e(patterns) {
  heading('Build (vite)');
  const started = performance.now();
  await prepare({ page: true });
  console.log(`Build (vite): ok (${seconds(started)})`);
  await tests(
    'End-to-end tests (playwright)',
    [tool('@playwright/test/cli.js'), 'test', ...patterns],
    E2E_REPORT,
    ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected }),
    {
      CHROMIUM_PATH: await chromium(),
      LAB_E2E_PORT: String(await freePort()),
      PLAYWRIGHT_JSON_OUTPUT_FILE: E2E_REPORT,
    },
  );
}

async function main() {
  const given = process.argv.slice(2);
  const flag = given.indexOf('--only');
  const only = flag === -1 ? null : given.splice(flag, 2)[1];
  if (only !== null && !GROUPS.includes(only)) {
    console.error(`--only takes one of ${GROUPS.join(', ')}.`);
    return 2;
  }
  const started = performance.now();
  heading('Set-up');
  try {
    await mkdir(at('build/reports'), { recursive: true });
    await prepare();
    console.log(`Set-up: ok (${seconds(started)})`);
    if (only === null || only === 'lint') await lint();
    if (only === null || only === 'unit') await unit(only === null ? [] : given);
    if (only === null || only === 'e2e') await e2e(only === null ? [] : given);
  } catch (thrown) {
    if (thrown instanceof SetupError) console.error(thrown.message);
    else if (!(thrown instanceof CheckFailed)) throw thrown;
    // A check without tests of its own, or one that broke before its tests ran, counts as one.
    total.failed = Math.max(1, total.failed);
  }
  console.log(`\nAll in ${seconds(started)}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

await mainProgram(main);
