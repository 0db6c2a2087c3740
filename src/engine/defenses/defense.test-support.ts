/** A model and data small enough to run every defense on, with a trigger of one pixel. */
import { type DefenseConfig, defense } from '../../core/config/schema-defense.ts';
import type { DefenseId } from '../../core/defenses/definitions.ts';
import type { DefenseEvent } from '../../core/defenses/events.ts';
import type { DefenseResult } from '../../core/defenses/result.ts';
import { type ImageDataset, pixelsPerImage } from '../../core/datasets/dataset.ts';
import { inputShapeOf } from '../../core/models/input-of.ts';
import { initialWeights } from '../models/network.ts';
import { tinyConfig, tinyDataset } from '../training/run.test-support.ts';
import { type DefenseRequest, runDefenses } from './run-defenses.ts';

/** Settings that end soon, for defenses whose defaults take longer than a test may. Add yours. */
const QUICK: Partial<Record<DefenseId, object>> = {
  neural_cleanse: { steps: 2, batches: 2, batch_size: 8, examples: 20 },
  strip: { overlays: 3, calibration: 10 },
  spectral_signatures: { retrain: true },
  activation_clustering: { dimensions: 3 },
  sentinet: { overlays: 3, calibration: 12 },
  scale_up: { calibration: 10, per_class: 5 },
  cognitive_distillation: { steps: 3, calibration: 10 },
  scan: { dimensions: 5 },
  fine_tuning: { epochs: 1, batch_size: 32 },
  fine_pruning: { epochs: 1, batch_size: 32 },
  anp: { steps: 2, batch_size: 16, threshold: 0.9 },
  nad: { epochs: 1, teacher_epochs: 1, batch_size: 40 },
  ft_sam: { epochs: 1, batch_size: 40 },
  rnp: { unlearning_epochs: 2, epochs: 2, batch_size: 40, threshold: 0.9 },
  i_bau: { rounds: 1, batch_size: 40, terms: 2 },
  nc_unlearning: { search_steps: 2, search_batches: 2, search_examples: 20, batch_size: 40 },
  nc_pruning: { search_steps: 2, search_batches: 2, search_examples: 20 },
};

/** The tiny data set with its test images several times over. */
export const defenderDataset: ImageDataset = { ...tinyDataset, test: repeated(tinyDataset, 8) };

function repeated({ info, test }: ImageDataset, times: number): ImageDataset['test'] {
  const count = test.count * times;
  const images = new Uint8Array(count * pixelsPerImage(info.shape));
  const labels = new Uint16Array(count);
  for (let at = 0; at < times; at++) {
    images.set(test.images, at * test.images.length);
    labels.set(test.labels, at * test.count);
  }
  return { count, images, labels };
}

/** A defense with quick settings. */
export function quick(id: DefenseId, settings: object = {}): DefenseConfig {
  return defense.parse({ kind: id, ...QUICK[id], ...settings });
}

/** What a defense is asked, of an untrained SimpleNet unless told otherwise; the control is another one. */
export function request(
  asked: readonly DefenseConfig[],
  changes: Partial<DefenseRequest> = {},
): DefenseRequest {
  const dataset = changes.dataset ?? defenderDataset;
  const experiment = tinyConfig({
    attack: {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 1, column: 2 } },
      label: { kind: 'one_target', target: 2 },
      injection: { kind: 'data', fraction: 0.2 },
    },
  });
  const { info } = dataset;
  const model = info.kind === 'images' ? 'simplenet' : 'text_cnn';
  const weights = (seed: number) => initialWeights(model, inputShapeOf(info), info.classes.length, seed);
  return {
    weights: weights(1),
    defenses: asked,
    experiment,
    knownTraining: true,
    dataset,
    seed: 3,
    control: () => Promise.resolve(weights(2)),
    ...changes,
  };
}

export interface Told {
  results: DefenseResult[];
  events: DefenseEvent[];
}

/** Runs it on the current backend; `onEvent` sees each event as it comes. */
export async function defend(
  asked: DefenseRequest,
  onEvent: (event: DefenseEvent, abort: AbortController) => void = () => undefined,
  abort = new AbortController(),
): Promise<Told> {
  const events: DefenseEvent[] = [];
  const results = await runDefenses(asked, {
    signal: abort.signal,
    helpers: null,
    emit: (event) => {
      events.push(event);
      onEvent(event, abort);
    },
  });
  return { results, events };
}
