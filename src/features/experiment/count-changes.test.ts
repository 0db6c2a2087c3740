import { expect, test } from 'vitest';
import { experimentSchema } from '../../core/config/schema.ts';
import { countChanges } from './count-changes.ts';

const standard = experimentSchema.parse({});

test('another trigger is one change, however many keys it has', () => {
  const painted = experimentSchema.parse({
    seed: 9,
    attack: {
      synthesizer: { kind: 'painted', pixels: [[1, 2, '#ffffff', 1]], placement: { kind: 'random' } },
    },
  });
  expect(countChanges(standard, painted)).toBe(2);
  expect(countChanges(standard, standard)).toBe(0);
});

test('fields of one section count each', () => {
  expect(countChanges(standard, experimentSchema.parse({ training: { epochs: 3, batch_size: 32 } }))).toBe(2);
});
