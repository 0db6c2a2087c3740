/** A run small enough for tests: noise images whose class is a bright bar, on a backend of choice. */
import { type ExperimentInput, experimentSchema } from '../../core/config/schema.ts';
import type { ImageDataset, ImageSplit } from '../../core/datasets/dataset.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import type { BackendReport, ExperimentEvent, RunResult } from '../../core/experiment/events.ts';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { RunController } from './controller.ts';
import { runExperiment } from './run.ts';
import type { RunContext } from './run-context.ts';

const SHAPE = { height: 16, width: 17, channels: 1 } as const;
const CLASSES = 3;

function split(count: number, seed: number): ImageSplit {
  const random = randomStream(seed, 'tiny data');
  const size = SHAPE.height * SHAPE.width;
  const images = new Uint8Array(count * size);
  const labels = new Uint16Array(count);
  for (let example = 0; example < count; example++) {
    const label = random.int(0, CLASSES - 1);
    labels[example] = label;
    for (let pixel = 0; pixel < size; pixel++) {
      const row = Math.floor(pixel / SHAPE.width);
      const bar = row >= 4 + 3 * label && row < 6 + 3 * label;
      images[example * size + pixel] = random.int(0, 60) + (bar ? 150 : 0);
    }
  }
  return { count, images, labels };
}

export const tinyDataset: ImageDataset = {
  info: {
    kind: 'images',
    id: 'tiny',
    title: 'Tiny',
    shape: SHAPE,
    classes: ['low', 'middle', 'high'],
    mean: [0.2],
    deviation: [0.2],
    source: 'made in the test',
    licence: 'none',
  },
  train: split(60, 1),
  test: split(30, 2),
};

export function tinyConfig(input: ExperimentInput = {}) {
  return experimentSchema.parse({
    backend: 'wasm',
    ...input,
    task: { dataset: 'tiny', ...input.task },
    training: { epochs: 1, batch_size: 8, ...input.training },
    evaluation: { batch_size: 16, live_every: 0, live_examples: 10, ...input.evaluation },
    checkpoints: { every: 0, ...input.checkpoints },
    attack: {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 1, column: 2 } },
      label: { kind: 'one_target', target: 2 },
      ...input.attack,
    },
  });
}

export interface TinyRun {
  result: Promise<RunResult>;
  events: ExperimentEvent[];
  checkpoints: Checkpoint[];
  controller: RunController;
  abort: AbortController;
}

/** Starts a run; `onEvent` sees each event as it comes. */
export function tinyRun(
  config: ReturnType<typeof tinyConfig>,
  overrides: Partial<RunContext> & { onEvent?: (event: ExperimentEvent, run: TinyRun) => void } = {},
): TinyRun {
  const { onEvent, ...context } = overrides;
  const run: TinyRun = {
    result: Promise.resolve(null as never),
    events: [],
    checkpoints: [],
    controller: new RunController(),
    abort: new AbortController(),
  };
  run.result = runExperiment(config, {
    signal: run.abort.signal,
    controller: run.controller,
    emit: (event) => {
      run.events.push(event);
      onEvent?.(event, run);
    },
    helpers: null,
    storage: {
      save: (checkpoint) => {
        run.checkpoints.push(checkpoint);
        return Promise.resolve();
      },
      load: () => Promise.resolve(run.checkpoints.at(-1) ?? null),
    },
    prepareBackend: async (choice): Promise<BackendReport> => {
      const name = choice === 'auto' ? 'cpu' : choice;
      return {
        name,
        label: await startBackend(name, nodeAssets),
        reason: 'test',
        selfTestError: null,
        timings: {},
      };
    },
    loadDataset: () => Promise.resolve(tinyDataset),
    loadPretrained: () => Promise.reject(new Error('none')),
    importedWeights: null,
    checkpoint: null,
    onNan: 'pause',
    ...context,
  });
  return run;
}

/** Resolves when an event of that type comes. */
export async function eventOf<Type extends ExperimentEvent['type']>(
  run: TinyRun,
  type: Type,
): Promise<Extract<ExperimentEvent, { type: Type }>> {
  for (;;) {
    const found = run.events.find((event) => event.type === type);
    if (found) return found as Extract<ExperimentEvent, { type: Type }>;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
