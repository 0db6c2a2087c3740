import { expect, test } from 'vitest';
import { defaultConfig, experimentSchema, type ExperimentInput } from '../../core/config/schema.ts';
import {
  attackSummary,
  backendSummary,
  evaluationSummary,
  taskSummary,
  trainingSummary,
  triggerSummary,
} from './summaries.ts';

const config = (input: ExperimentInput) => experimentSchema.parse(input);

test('the defaults in a few words', () => {
  expect(taskSummary(defaultConfig)).toBe('SimpleNet on mnist');
  expect(triggerSummary(defaultConfig)).toBe('pattern 5 x 3');
  expect(attackSummary(defaultConfig)).toBe('loss, MGDA (loss), to class 8');
  expect(trainingSummary(defaultConfig)).toBe('1 epoch, SGD 0.01, seed 4');
  expect(evaluationSummary(defaultConfig)).toBe('every 50 steps, kept every 200 steps');
  expect(backendSummary(defaultConfig)).toBe('Auto');
});

test('other kinds say what they are', () => {
  expect(taskSummary(config({ task: { train_examples: 5000, weights: 'pretrained' } }))).toBe(
    'SimpleNet on mnist, first 5,000, pretrained',
  );
  expect(
    triggerSummary(
      config({ attack: { synthesizer: { kind: 'painted', pixels: [], placement: { kind: 'random' } } } }),
    ),
  ).toBe('0 painted pixels, random place');
  expect(attackSummary(config({ attack: { enabled: false } }))).toBe('off: a clean model');
  expect(
    attackSummary(
      config({
        attack: { label: { kind: 'all_to_all', shift: 2 }, injection: { kind: 'data', fraction: 0.0125 } },
      }),
    ),
  ).toBe('data, 1.25 %, all to all, +2');
  expect(trainingSummary(config({ training: { epochs: 3, optimizer: { kind: 'adam' } } }))).toBe(
    '3 epochs, Adam 0.001, seed 4',
  );
  expect(evaluationSummary(config({ evaluation: { live_every: 0 }, checkpoints: { every: 0 } }))).toBe(
    'each epoch, kept each epoch',
  );
});
