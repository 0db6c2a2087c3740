/** The test function of every journey: a fresh profile with the lab in it, and no error may go unseen. */
import { type Browser, type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { LabPage } from './lab-page.ts';

/** What a project or a spec may set with `use`. */
export interface LabOptions {
  /** How many threads are chosen in a fresh profile; null for as many as pay. */
  threads: number | null;
  /** Whether the backends were measured in an earlier visit, which saves each test the time of it. */
  measured: boolean;
}

/** What a visit leaves; Playwright's own type does not tell of the databases. */
interface VisitedOrigin {
  origin: string;
  localStorage: { name: string; value: string }[];
  indexedDB?: { name: string }[];
}

type StorageState = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** Where `src/storage/measurement-store.ts` keeps what a choice of the backend has measured. */
const MEASUREMENTS = 'backdoor-lab-machine';

/** Visits the lab once, and keeps of what the visit left what was measured, and nothing else. */
async function measure(browser: Browser, baseURL: string): Promise<StorageState> {
  const context = await browser.newContext({ baseURL });
  const lab = new LabPage(await context.newPage());
  await lab.open();
  const origins: VisitedOrigin[] = (await context.storageState({ indexedDB: true })).origins;
  await context.close();
  const kept = origins.map(({ origin, indexedDB = [] }) => ({
    origin,
    localStorage: [],
    indexedDB: indexedDB.filter(({ name }) => name === MEASUREMENTS),
  }));
  return { cookies: [], origins: kept };
}

/** As the page keeps the choice; one that was made meanwhile stays over a reload. */
function chooseThreads(threads: number): void {
  const key = 'backdoor-lab/threads';
  if (location.protocol.startsWith('http') && localStorage.getItem(key) === null)
    localStorage.setItem(key, String(threads));
}

export const test = base.extend<{ lab: LabPage } & LabOptions, { measurement: () => Promise<StorageState> }>({
  threads: [null, { option: true }],
  measured: [false, { option: true }],
  measurement: [
    async ({ browser }, provide, { project }) => {
      let made: Promise<StorageState> | null = null;
      await provide(() => (made ??= measure(browser, project.use.baseURL ?? '')));
    },
    { scope: 'worker' },
  ],
  storageState: async ({ measured, measurement }, provide) => {
    await provide(measured ? await measurement() : undefined);
  },
  lab: async ({ page, threads }, provide) => {
    if (threads !== null) await page.addInitScript(chooseThreads, threads);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(`${error.name}: ${error.message}\n${error.stack ?? ''}`));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
    });
    const lab = new LabPage(page);
    await provide(lab);
    const unexpected = errors.filter((text) => !lab.allowedErrors.some((allowed) => allowed.test(text)));
    expect(unexpected, 'errors in the console').toEqual([]);
  },
});

export { expect };
