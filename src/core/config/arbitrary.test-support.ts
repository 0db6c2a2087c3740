/** Arbitrary valid experiments for property tests. */
import fc from 'fast-check';
import { parseConfig } from './parse.ts';
import { OBJECTIVES, type ExperimentConfig } from './schema.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const rate = fc.double({ min: 1e-6, max: 10, noNaN: true });
const below1 = fc.double({ min: 0, max: 0.999, noNaN: true });
const optionalCount = fc.option(fc.integer({ min: 1, max: 100000 }));
const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const pixel = fc.tuple(
  fc.integer({ min: 0, max: 27 }),
  fc.integer({ min: 0, max: 27 }),
  color,
  fc.double({ min: 0.01, max: 1, noNaN: true }),
);
const sizes = fc
  .tuple(fc.option(fc.integer({ min: 1, max: 9 })), fc.option(fc.integer({ min: 9, max: 20 })))
  .map(([min_size, max_size]) => ({ min_size, max_size }));
const random = fc
  .tuple(sizes, fc.constantFrom('batch', 'example'), fc.boolean())
  .map(([size, per, flip]) => ({ kind: 'random', per, flip, ...size }));
const fixed = fc.record({
  kind: fc.constant('fixed'),
  row: fc.integer({ min: 0, max: 27 }),
  column: fc.integer({ min: 0, max: 27 }),
});
const rows = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.array(fc.array(fc.option(fraction), { minLength: width, maxLength: width }), {
    minLength: 1,
    maxLength: 6,
  }),
);
const synthesizer = fc.oneof(
  fc.record({ kind: fc.constant('pattern'), rows, placement: fc.oneof(fixed, random) }),
  fc.record({ kind: fc.constant('single_pixel'), value: fraction, placement: fc.oneof(fixed, random) }),
  fc.record({
    kind: fc.constant('painted'),
    pixels: fc.array(pixel, { maxLength: 30 }),
    placement: fc.oneof(fc.constant({ kind: 'as_painted' }), random),
  }),
);
const scale = fc.double({ min: 0, max: 1000, noNaN: true });
const balancer = fc.oneof(
  fc.record({ kind: fc.constant('mgda'), normalize: fc.constantFrom('none', 'eq', 'l2', 'loss', 'loss+') }),
  fc.record({ kind: fc.constant('fixed'), scales: fc.record({ normal: scale, backdoor: scale }) }),
);
const injection = fc.oneof(
  fc.record({ kind: fc.constantFrom('data', 'batch'), fraction }),
  fc.record({
    kind: fc.constant('loss'),
    objectives: fc.uniqueArray(fc.constantFrom(...OBJECTIVES), { minLength: 1 }),
    proportion: fraction,
    balancer,
    loss_threshold: fc.option(fc.double({ min: 0, max: 10, noNaN: true })),
    clip_batch: optionalCount,
  }),
);
const optimizer = fc.oneof(
  fc.record({ kind: fc.constant('sgd'), learning_rate: rate, momentum: below1, weight_decay: fraction }),
  fc.record({
    kind: fc.constant('adam'),
    learning_rate: rate,
    beta1: below1,
    beta2: below1,
    epsilon: fc.double({ min: 1e-12, max: 1, noNaN: true }),
    weight_decay: fraction,
  }),
);

export const arbitraryConfig: fc.Arbitrary<ExperimentConfig> = fc
  .record(
    {
      name: fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.constantFrom('1e3', 'null', 'yes', '# x', "a: 'b'", 'ünï\n'),
      ),
      seed: fc.integer({ min: 0, max: 4294967295 }),
      backend: fc.constantFrom('auto', 'webgpu', 'wasm', 'cpu'),
      task: fc.record(
        {
          dataset: fc.constantFrom('mnist', 'my-digits_2'),
          train_examples: optionalCount,
          weights: fc.constantFrom('random', 'pretrained', 'imported'),
          weights_file: fc.option(fc.string({ minLength: 1, maxLength: 30 })),
        },
        { requiredKeys: [] },
      ),
      training: fc.record(
        {
          epochs: fc.integer({ min: 5, max: 1000 }),
          start_epoch: fc.integer({ min: 1, max: 5 }),
          batch_size: fc.integer({ min: 1, max: 512 }),
          max_batches: optionalCount,
          optimizer,
          schedule: fc.constantFrom('constant', 'cosine'),
          sampling: fc.constantFrom('plain', 'balanced'),
          class_weights: fc.array(fraction, { maxLength: 5 }),
          nan_check: fc.boolean(),
        },
        { requiredKeys: ['epochs'] },
      ),
      attack: fc.record(
        {
          enabled: fc.boolean(),
          synthesizer,
          label: fc.oneof(
            fc.record({ kind: fc.constant('one_target'), target: fc.nat(9) }),
            fc.record({ kind: fc.constant('all_to_all'), shift: fc.integer({ min: 1, max: 9 }) }),
          ),
          injection,
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  .map(parseConfig);
