/**
 * Sets everything up and runs every check: lint, format, types and the build, side by side; then unit and golden tests;
 * then end-to-end tests in Chromium. Stops at the stage that fails. The last line is `N passed, N failed`, counted in
 * tests.
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
import { prepare, prepareDependencies } from './setup/prepare.mjs';
import { mainProgram, runNode, SetupError } from './setup/process.mjs';

const UNIT_REPORT = at('build/reports/unit.json');
const GROUPS = ['lint', 'unit', 'e2e'];

/** Checks that run side by side, each busy with about one core. */
const LANES = 2;

/** Projects of playwright.config.ts, one after the other: what measures time has the machine to itself. */
const E2E_PROJECTS = ['timed', 'shared'];

const tool = (file) => at('node_modules', file);

/** Tests counted so far. */
const total = { passed: 0, failed: 0 };

class CheckFailed extends Error {}

function heading(title) {
  console.log(`\n== ${title}`);
}

const seconds = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

/** Runs a tool, and throws what it said when it fails. */
const runs =
  (...args) =>
  async () => {
    const { code, output } = await runNode(args, { quiet: true });
    if (code !== 0) throw new SetupError(output.trimEnd());
  };

/** Runs checks in order, so many side by side; tells how long each took, and why those failed that did. */
async function sideBySide(checks) {
  heading(checks.map(([title]) => title).join(', '));
  const waiting = checks.values();
  let failed = false;
  const lane = async () => {
    for (const [title, check] of waiting) {
      const started = performance.now();
      try {
        await check();
        console.log(`${title}: ok (${seconds(started)})`);
      } catch (thrown) {
        console.log(`${title}: failed (${seconds(started)})`);
        console.log(thrown instanceof SetupError ? thrown.message : thrown);
        failed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (failed) throw new CheckFailed();
}

/** Runs a test runner that writes a report, and counts its tests. @returns whether it ended well */
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
  return code === 0;
}

/** What only reads comes first, and longest first. */
const LINT = ['Lint (oxlint)', runs(tool('oxlint/bin/oxlint'), '-c', 'oxlint.config.mjs')];
const DATA_AND_KERNELS = ['Data and kernels', () => prepare({ quiet: true })];
const TYPES = ['Types (tsc)', runs(tool('typescript/bin/tsc'), '--noEmit', '-p', '.')];
const FORMAT = ['Format (oxfmt)', runs(tool('oxfmt/bin/oxfmt'), '--check', '.')];
const BUILD = ['Build (vite)', () => prepare({ page: true, quiet: true })];

async function unit(patterns) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`];
  const passed = await tests(
    'Unit and golden tests (vitest)',
    [tool('vitest/vitest.mjs'), 'run', ...reporters, ...patterns],
    UNIT_REPORT,
    (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
  );
  if (!passed) throw new CheckFailed();
}

/** A failure in one project does not keep the other from running. */
async function e2e(patterns) {
  const browser = await chromium();
  const before = total.passed + total.failed;
  let passed = true;
  for (const project of E2E_PROJECTS) {
    const report = at(`build/reports/e2e-${project}.json`);
    const args = ['test', `--project=${project}`, '--pass-with-no-tests', ...patterns];
    const ended = await tests(
      `End-to-end tests, ${project} (playwright)`,
      [tool('@playwright/test/cli.js'), ...args],
      report,
      ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected }),
      {
        CHROMIUM_PATH: browser,
        LAB_E2E_PORT: String(await freePort()),
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      },
    );
    passed &&= ended;
  }
  if (total.passed + total.failed === before) console.error('No end-to-end test was run.');
  else if (passed) return;
  throw new CheckFailed();
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
    await prepareDependencies();
    console.log(`Set-up: ok (${seconds(started)})`);
    if (only === null) await sideBySide([LINT, DATA_AND_KERNELS, TYPES, FORMAT, BUILD]);
    if (only === 'lint') await sideBySide([LINT, TYPES, FORMAT]);
    if (only === 'unit') await sideBySide([DATA_AND_KERNELS]);
    if (only === 'e2e') await sideBySide([BUILD]);
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
