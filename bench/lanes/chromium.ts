/** A Chromium with the bench page open; each contestant is a worker of it. */
import { type Browser, chromium, type Page } from '@playwright/test';
import { preview, type PreviewServer } from 'vite';
import { chromium as findChromium } from '../../scripts/setup/chromium.mjs';
import { freePort } from '../../scripts/setup/free-port.mjs';
import { at } from '../../scripts/setup/files.mjs';
import { buildBenchPage, PAGE_FOLDER } from '../page/build.ts';
import type { BenchAnswer, BenchRequest } from '../protocol.ts';
import { type Lane, LineLane } from './lane.ts';

const START_MS = 60_000;

/** As the lab's own server sends them: clocks of 5 microseconds, and shared memory for those that use it. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real GPU where there is one; else the software that `--software-gpu` asks for. */
const GPU_FLAGS = ['--enable-unsafe-webgpu', '--ignore-gpu-blocklist', '--enable-features=Vulkan'];
const SOFTWARE_FLAGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

export class ChromiumHouse {
  private readonly lanes = new Map<string, LineLane>();
  private opened = 0;

  private constructor(
    private readonly server: PreviewServer,
    private readonly browser: Browser,
    readonly page: Page,
    readonly version: string,
  ) {}

  /** Builds and serves the page and opens it. @throws Error when no Chromium can be had */
  static async open({ softwareGpu }: { softwareGpu: boolean }): Promise<ChromiumHouse> {
    await buildBenchPage();
    const port = await freePort();
    const server = await preview({
      configFile: false,
      root: at('bench/page'),
      logLevel: 'error',
      build: { outDir: PAGE_FOLDER },
      preview: { port, host: '127.0.0.1', strictPort: true, open: false, headers: ISOLATION },
    });
    const browser = await chromium.launch({
      executablePath: await findChromium(),
      args: [...FLAGS, ...(softwareGpu ? SOFTWARE_FLAGS : GPU_FLAGS)],
    });
    const page = await browser.newPage();
    const house = new ChromiumHouse(server, browser, page, browser.version());
    await page.exposeFunction('benchAnswered', (id: string, answer: BenchAnswer) =>
      house.lanes.get(id)?.answered(answer),
    );
    await page.exposeFunction('benchDied', (id: string, why: string) => house.lanes.get(id)?.died(why));
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction(() => 'labBench' in window);
    return house;
  }

  /** Starts a worker. @throws LaneError */
  async lane(engine: 'lab' | 'stock'): Promise<Lane> {
    const id = `${engine}-${++this.opened}`;
    const lane = new LineLane({
      send: (request) => void this.send(id, request, lane),
      close: async () => {
        this.lanes.delete(id);
        await this.page.evaluate((of) => window.labBench.close(of), id);
      },
    });
    this.lanes.set(id, lane);
    const greeted = lane.greeted(START_MS);
    await this.page.evaluate(([of, kind]) => window.labBench.open(of, kind), [id, engine] as const);
    await greeted;
    return lane;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }

  private async send(id: string, request: BenchRequest, lane: LineLane): Promise<void> {
    try {
      await this.page.evaluate(([of, said]) => window.labBench.send(of, said), [id, request] as const);
    } catch (thrown) {
      lane.died(thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown));
    }
  }
}
