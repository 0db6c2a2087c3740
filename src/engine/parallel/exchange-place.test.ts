import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import {
  clearPlace,
  exchangeAt,
  exchangeBytes,
  type ExchangePlace,
  isSpoilt,
  spoil,
} from './exchange-place.ts';

const placeOf = (patience: number): ExchangePlace => ({
  memory: new SharedArrayBuffer(exchangeBytes(3, 2)),
  members: 2,
  member: 0,
  shards: 3,
  first: 0,
  patience,
});

describe('a place where threads exchange what their shards found', () => {
  it('gives every member the parts of all shards, in their order, round after round', () => {
    const place = placeOf(5000);
    // The other member is there before and waits for nobody.
    const other = exchangeAt({ ...place, members: 0, member: 1, first: 2 });
    other([Float64Array.of(5, 6)]);
    const exchange = exchangeAt(place);
    expect(exchange([Float64Array.of(1, 2), Float64Array.of(3, 4)]).map((part) => [...part])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    other([Float64Array.of(9)]);
    expect(exchange([Float64Array.of(7), Float64Array.of(8)]).map((part) => [...part])).toEqual([
      [7],
      [8],
      [9],
    ]);
    expect(isSpoilt(place)).toBe(false);
  });

  it('is spoilt when a member does not come in time, and lets everyone on from then on', () => {
    const place = placeOf(30);
    const exchange = exchangeAt(place);
    const own = [Float64Array.of(1)];
    expect(exchange(own)).toBe(own);
    expect(isSpoilt(place)).toBe(true);
    const started = performance.now();
    expect(exchangeAt({ ...place, member: 1, patience: 60_000 })(own)).toBe(own);
    expect(performance.now() - started).toBeLessThan(1000);
    clearPlace(place.memory);
    expect(isSpoilt(place)).toBe(false);
  });

  it('wakes who waits there when another spoils it', async () => {
    const place = placeOf(60_000);
    const worker = new Worker(
      `const { workerData } = require('node:worker_threads');
       setTimeout(() => Atomics.store(new Int32Array(workerData), 0, 1), 50);`,
      { eval: true, workerData: place.memory },
    );
    const started = performance.now();
    exchangeAt(place)([Float64Array.of(1)]);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(isSpoilt(place)).toBe(true);
    await worker.terminate();
    spoil(place);
  });
});
