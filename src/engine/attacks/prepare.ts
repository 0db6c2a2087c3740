/** What an attack does before training begins. */
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { type Dataset, isImages, pixelsPerImage } from '../../core/datasets/dataset.ts';
import { cancelledError } from '../../core/errors.ts';
import type { ExperimentEvent } from '../../core/experiment/events.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import type { PlannedExample } from '../../core/training/examples.ts';
import { readImages, stampedPixels } from '../../core/training/images.ts';
import { poisonedOnce } from '../../core/training/tasks.ts';
import { yieldTask } from '../training/yield-task.ts';
import { raiseLoss } from './projected-descent.ts';
import { trainSurrogate } from './surrogate.ts';

/** Images that are moved at once. */
const CHUNK = 250;

export interface PreparationContext {
  signal: AbortSignal;
  emit: (event: ExperimentEvent) => void;
}

/**
 * What stands in the training set where the attack poisons it once, by index. For a clean-label attack the images are
 * first moved away from their class, as a surrogate sees it, so that the trigger is the easier way to tell it (Turner,
 * Tsipras and Madry, Label-Consistent Backdoor Attacks, 2019, section 4.2). The same from one seed on one backend.
 * @throws LabError E-CANCELLED when the signal aborts
 */
export async function preparePoison(
  config: ExperimentConfig,
  dataset: Dataset,
  backdoors: readonly Backdoor[],
  { signal, emit }: PreparationContext,
): Promise<ReadonlyMap<number, PlannedExample>> {
  const poisoned = poisonedOnce(config, dataset, backdoors);
  const { enabled, injection } = config.attack;
  if (!enabled || injection.kind !== 'clean_label' || injection.epsilon === 0) return poisoned;
  // A word does not move a little: texts keep their words, and the trigger alone is added.
  if (!isImages(dataset)) return poisoned;
  const tell = (done: number, total: number, unit: 'steps' | 'examples'): void =>
    emit({ type: 'progress', stage: 'attack', done, total, unit });
  const surrogate = await trainSurrogate(config, dataset, injection.surrogate_epochs, {
    signal,
    onStep: (done, total) => tell(done, total, 'steps'),
  });
  try {
    const { info, train } = dataset;
    const size = pixelsPerImage(info.shape);
    const entries = [...poisoned];
    const moved = new Map<number, PlannedExample>();
    for (let start = 0; start < entries.length; start += CHUNK) {
      if (signal.aborted) throw cancelledError();
      const chunk = entries.slice(start, start + CHUNK);
      const pixels = new Float32Array(chunk.length * size);
      const wanted = chunk.map(([, { index }]) => index);
      const imageOf = await readImages(info, train, wanted);
      wanted.forEach((index, at) => pixels.set(stampedPixels(imageOf, { index, stamp: null }), at * size));
      const labels = Int32Array.from(chunk, ([, { label }]) => label);
      const found = await raiseLoss(surrogate, info, pixels, labels, injection);
      chunk.forEach(([key, example], at) =>
        moved.set(key, { ...example, pixels: found.slice(at * size, (at + 1) * size) }),
      );
      tell(moved.size, entries.length, 'examples');
      await yieldTask();
    }
    return moved;
  } finally {
    surrogate.dispose();
  }
}
