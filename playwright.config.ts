import { defineConfig } from '@playwright/test';
import type { LabOptions } from './e2e/support/test.ts';

/** `npm test` names the browser and the port; alone, Playwright's own browser and a fixed port. */
const { CHROMIUM_PATH, LAB_E2E_PORT, PLAYWRIGHT_JSON_OUTPUT_FILE, CI } = process.env;
const port = Number(LAB_E2E_PORT ?? 4199);

/**
 * What measures time has the machine to itself; the rest share it, two at a time. `npm test` runs the projects one after the
 * other; both in one call of Playwright would run at once.
 */
const TIMED = /(first-images|first-minute|smooth)\.spec\.ts$/;

export default defineConfig<LabOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  projects: [
    { name: 'timed', testMatch: TIMED, workers: 1 },
    {
      name: 'shared',
      testIgnore: TIMED,
      // A core each, and no time spent on watching things move.
      use: { threads: 1, contextOptions: { reducedMotion: 'reduce' } },
    },
  ],
  // The first of each browser also waits for it to start.
  timeout: 120_000,
  forbidOnly: CI !== undefined,
  retries: CI === undefined ? 0 : 1,
  reporter: [['list'], ...(PLAYWRIGHT_JSON_OUTPUT_FILE === undefined ? [] : [['json'] as ['json']])],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    browserName: 'chromium',
    viewport: { width: 1360, height: 900 },
    trace: 'off',
    launchOptions: {
      ...(CHROMIUM_PATH === undefined ? {} : { executablePath: CHROMIUM_PATH }),
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A picture that moves; a page still has to be allowed to see it.
        '--use-fake-device-for-media-stream',
      ],
    },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${port} --strictPort --host 127.0.0.1`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: LAB_E2E_PORT === undefined,
    timeout: 60_000,
  },
});
