import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { keptRuns } from '../storage/kept-runs.ts';

const config = parseConfig({ name: 'Kept', training: { epochs: 2 } });
const at = (step: number, epoch = 1): Checkpoint => ({
  version: 1,
  config,
  weights: { model: 'simplenet', inputShape: [28, 28, 1], classes: 10, parameters: [] },
  optimizer: [],
  step,
  epoch,
  batch: step,
  normalLosses: [],
  epochs: [],
  partialEpoch: { losses: {}, scales: {}, steps: 0, seconds: 0 },
  interventions: [],
  learningRateFactor: 1,
  seconds: 0,
});

/** The Web Locks of one browser, and what stands for its tabs: fresh copies of the modules. */
class Locks {
  private readonly held = new Map<string, () => void>();
  private readonly waiting = new Map<string, () => void>();

  request(name: string, { signal }: { signal: AbortSignal }, task: () => Promise<void>): Promise<void> {
    if (this.held.has(name))
      return new Promise((resolve, refuse) => {
        this.waiting.set(name, () => resolve(this.hold(name, task)));
        signal.addEventListener('abort', () => refuse(new Error('waited')));
      });
    return this.hold(name, task);
  }

  /** As the browser does with the locks of a page that is gone. */
  free(name: string): void {
    this.held.get(name)?.();
  }

  private async hold(name: string, task: () => Promise<void>): Promise<void> {
    const gone = new Promise<void>((release) => this.held.set(name, release));
    await Promise.race([task(), gone]);
    this.held.delete(name);
    this.waiting.get(name)?.();
    this.waiting.delete(name);
  }
}

async function newTab() {
  vi.resetModules();
  const { claimSavedRun } = await import('./saved-runs.ts');
  const { claimRun, releaseRun } = await import('./run-claims.ts');
  return { claimSavedRun, claimRun, releaseRun };
}

/** Saved one after another, so that the last is the newest. */
async function save(...runs: [string, Checkpoint][]): Promise<void> {
  for (const [id, checkpoint] of runs) {
    vi.setSystemTime(Date.now() + 1000);
    await keptRuns.save(id, checkpoint, null, []);
  }
}

const ids = async () => (await keptRuns.list()).map(({ id }) => id);

describe('the run that a new tab offers', () => {
  let locks = new Locks();
  beforeEach(async () => {
    locks = new Locks();
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.stubGlobal('navigator', { locks });
    for (const id of await ids()) await keptRuns.remove(id);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is the newest that can go on; what is over is dropped', async () => {
    await save(['first', at(5)], ['second', at(7)], ['over', at(20, 3)], ['not begun', at(0)]);
    const { claimSavedRun } = await newTab();
    expect(await claimSavedRun()).toMatchObject({
      run: { id: 'second', name: 'Kept' },
      checkpoint: { step: 7 },
    });
    expect(await ids()).toEqual(['second', 'first']);
  });

  it('is none that another tab trains or offers', async () => {
    await save(['first', at(5)], ['second', at(7)]);
    const training = await newTab();
    await training.claimRun('second');
    const offering = await newTab();
    expect((await offering.claimSavedRun())?.run.id).toBe('first');
    const late = await newTab();
    expect(await late.claimSavedRun()).toBeNull();
    offering.releaseRun('first');
    expect((await late.claimSavedRun())?.run.id).toBe('first');
    expect(await ids()).toEqual(['second', 'first']);
  });

  it('is the one that this tab had before it was reloaded, however late the old page lets go of it', async () => {
    await save(['first', at(5)], ['second', at(7)]);
    const stored = new Map<string, string>();
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    });
    const old = await newTab();
    await old.claimRun('second');
    const reloaded = await newTab();
    const offered = reloaded.claimSavedRun();
    await new Promise((resolve) => setTimeout(resolve, 900));
    locks.free('backdoor-lab/run/second');
    expect((await offered)?.run.id).toBe('second');
  });

  it('leaves the newest few behind it, and drops the others', async () => {
    await save(...[1, 2, 3, 4, 5, 6].map((step): [string, Checkpoint] => [`run ${step}`, at(step)]));
    const { claimSavedRun } = await newTab();
    expect((await claimSavedRun())?.run.id).toBe('run 6');
    expect(await ids()).toEqual(['run 6', 'run 5', 'run 4', 'run 3']);
  });
});
