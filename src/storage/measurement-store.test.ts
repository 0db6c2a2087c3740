import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { expect, it } from 'vitest';
import { LASTS_MS, type Measurement } from '../engine/backend/measurement.ts';
import { measurementStore } from './measurement-store.ts';

const measured = (milliseconds: number, measuredAt = Date.now()): Measurement => ({
  measuredAt,
  outcomes: [{ name: 'wasm', milliseconds }],
});

it('keeps the latest measurement of each machine until it is forgotten', async () => {
  await measurementStore.save('a', measured(1));
  await measurementStore.save('b', measured(2));
  await Promise.all([measurementStore.save('a', measured(3)), measurementStore.save('a', measured(4))]);
  expect(await measurementStore.load('a')).toMatchObject({ outcomes: [{ milliseconds: 4 }] });
  await measurementStore.forget('a');
  expect(await measurementStore.load('a')).toBeUndefined();
  expect(await measurementStore.load('b')).toMatchObject({ outcomes: [{ milliseconds: 2 }] });
});

it('drops what is too old to be recalled', async () => {
  await measurementStore.save('old', measured(1, Date.now() - LASTS_MS - 1000));
  await measurementStore.save('new', measured(2));
  expect(await measurementStore.load('old')).toBeUndefined();
});

it('gives way to a tab that changes the layout', async () => {
  await measurementStore.save('a', measured(1));
  const later = await openDB('backdoor-lab-machine', 2);
  expect(later.version).toBe(2);
  later.close();
  await expect(measurementStore.load('a')).rejects.toThrow();
});
