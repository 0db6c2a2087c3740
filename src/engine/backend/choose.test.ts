import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeAssets } from './assets.node.ts';
import { chooseBackend } from './choose.ts';
import type { Measurement, MeasurementStore } from './measurement.ts';
import { LASTS_MS } from './measurement.ts';
import { machineKey, reasonWords } from './recall.ts';
import * as selfTests from './self-test.ts';

vi.mock('./self-test.ts', { spy: true });

const MACHINE = ['a browser', '2 cores', 'lab 1'];
const KEY = machineKey(MACHINE, null);

/** A store in memory; `kept` may be filled with anything. */
function memory(kept = new Map<string, unknown>()): { kept: Map<string, unknown>; store: MeasurementStore } {
  return {
    kept,
    store: {
      load: (machine) => Promise.resolve(kept.get(machine)),
      save: (machine, measurement) => Promise.resolve(void kept.set(machine, measurement)),
      forget: (machine) => Promise.resolve(void kept.delete(machine)),
    },
  };
}

const wasmIn = (milliseconds: number, measuredAt = Date.now()): Measurement => ({
  measuredAt,
  outcomes: [{ name: 'wasm', milliseconds }],
});

describe('auto, without a GPU adapter', () => {
  beforeEach(() => {
    vi.mocked(selfTests.selfTest).mockClear();
  });

  it('measures at first, and remembers: the next start takes the timing and tests itself all the same', async () => {
    const { kept, store } = memory();
    const first = await chooseBackend('auto', nodeAssets, { store, machine: MACHINE });
    expect(first.reason).toMatch(/^no GPU adapter; wasm [\d.]+ ms for a trial step, measured now$/);
    const { measuredAt } = kept.get(KEY) as Measurement;
    const second = await chooseBackend('auto', nodeAssets, { store, machine: MACHINE });
    expect(second.timings).toEqual(first.timings);
    expect(second.reason).toContain(`measured on ${new Date(measuredAt).toISOString().slice(0, 10)}`);
    expect(selfTests.selfTest).toHaveBeenCalledTimes(2);
    expect(second.selfTestError).not.toBeNull();
  });

  it('measures anew when a person asks, and keeps that', async () => {
    const { kept, store } = memory(new Map([[KEY, wasmIn(123_456)]]));
    const report = await chooseBackend('auto', nodeAssets, { store, machine: MACHINE, anew: true });
    expect(report.reason).toContain('measured now');
    expect(kept.get(KEY)).toMatchObject({ outcomes: [{ milliseconds: report.timings.wasm }] });
  });

  it.each<[string, unknown]>([
    ['nonsense', 'nonsense'],
    ['null', null],
    ['no outcomes', { measuredAt: Date.now(), outcomes: 'none' }],
    [
      'a timing that is no number',
      { measuredAt: Date.now(), outcomes: [{ name: 'wasm', milliseconds: 'a' }] },
    ],
    ['other candidates', { measuredAt: Date.now(), outcomes: [{ name: 'webgpu', milliseconds: 1 }] }],
    ['something too old', wasmIn(123_456, Date.now() - LASTS_MS - 1000)],
    ['something from the future', wasmIn(123_456, Date.now() + 60_000)],
  ])('measures anew when %s is remembered', async (_, remembered) => {
    const { store } = memory(new Map([[KEY, remembered]]));
    const report = await chooseBackend('auto', nodeAssets, { store, machine: MACHINE });
    expect(report.reason).toContain('measured now');
    expect(report.timings.wasm).not.toBe(123_456);
  });

  it('measures anew on another machine', async () => {
    const { kept, store } = memory(new Map([[KEY, wasmIn(123_456)]]));
    await chooseBackend('auto', nodeAssets, { store, machine: ['a browser', '4 cores', 'lab 1'] });
    expect(kept.size).toBe(2);
  });

  it('forgets a choice that fails its self-test, and measures anew', async () => {
    const { kept, store } = memory(new Map([[KEY, wasmIn(123_456)]]));
    vi.mocked(selfTests.selfTest).mockResolvedValueOnce(0.5);
    const report = await chooseBackend('auto', nodeAssets, { store, machine: MACHINE });
    expect(report.reason).toContain('measured now');
    expect(kept.get(KEY)).toMatchObject({ outcomes: [{ milliseconds: report.timings.wasm }] });
  });

  it('falls to cpu and remembers nothing when all fail', async () => {
    const { kept, store } = memory(new Map([[KEY, wasmIn(123_456)]]));
    vi.mocked(selfTests.selfTest).mockResolvedValueOnce(0.5).mockResolvedValueOnce(NaN);
    const report = await chooseBackend('auto', nodeAssets, { store, machine: MACHINE });
    expect(report).toMatchObject({ name: 'cpu', timings: {} });
    expect(report.reason).toContain('wasm: Its self-test is off');
    expect(kept.size).toBe(0);
  });

  it('works where nothing can be kept', async () => {
    const refuse = () => Promise.reject(new Error('no storage'));
    const store = { load: refuse, save: refuse, forget: refuse };
    const report = await chooseBackend('auto', nodeAssets, { store, machine: MACHINE });
    expect(report).toMatchObject({ name: 'wasm' });
  });

  it('leaves a chosen backend alone', async () => {
    const { kept, store } = memory();
    const report = await chooseBackend('wasm', nodeAssets, { store, machine: MACHINE });
    expect(report.reason).toBe('chosen by you');
    expect(kept.size).toBe(0);
  });
});

describe('the reason', () => {
  const measuredAt = Date.UTC(2026, 10, 23, 12);

  it('names the fastest first', () => {
    const outcomes = [
      { name: 'wasm', milliseconds: 21.34 },
      { name: 'webgpu', milliseconds: 8 },
    ] as const;
    expect(reasonWords([], { measuredAt, outcomes: [...outcomes] }, true)).toBe(
      'fastest of webgpu 8.0 ms and wasm 21.3 ms for a trial step, measured on 2026-11-23',
    );
  });

  it('says what computes wrong values', () => {
    const outcomes: Measurement['outcomes'] = [
      { name: 'webgpu', refusal: 'Its self-test is off.' },
      { name: 'wasm', milliseconds: 21 },
    ];
    expect(reasonWords([], { measuredAt, outcomes }, false)).toBe(
      'webgpu: Its self-test is off; wasm 21.0 ms for a trial step, measured now',
    );
  });
});
