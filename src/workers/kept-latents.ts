/** Latents of the training set that were computed last, for the next question about the same model and data. */
import type { Dataset } from '../core/datasets/dataset.ts';
import type { ModelWeights, NamedArray } from '../core/experiment/weights.ts';
import { bytesOf } from '../core/formats/bytes.ts';
import type { Rows } from '../engine/defenses/filters/label-latents.ts';

/** 60,000 images of ResNet-18's 512 latents are 117 MiB, its weights 43 MiB. */
const MOST_BYTES = 2 ** 28;

export interface LatentsKey {
  weights: ModelWeights;
  /** As it was loaded: the same object for as long as it is in memory. */
  dataset: Dataset;
  /** What else they depend on: how many examples, the length of texts, the backend. */
  rest: string;
}

interface Kept {
  weights: ModelWeights;
  /** Weak, so that data that was replaced can go. */
  dataset: WeakRef<Dataset>;
  rest: string;
  rows: Rows;
}

/** One model and one data set: those of the last question. */
export class KeptLatents {
  private kept: Kept | null = null;

  /** @param mostBytes of latents and weights together; more is computed anew each time */
  constructor(private readonly mostBytes = MOST_BYTES) {}

  /** Those that are kept, else what `compute` gives. What is kept of another model or other data is dropped before. */
  async take({ weights, dataset, rest }: LatentsKey, compute: () => Promise<Rows>): Promise<Rows> {
    const { kept } = this;
    if (kept?.dataset.deref() === dataset && kept.rest === rest && sameModel(kept.weights, weights))
      return kept.rows;
    this.kept = null;
    const rows = await compute();
    const held = weights.parameters.reduce((sum, { data }) => sum + data.byteLength, 0);
    if (rows.values.byteLength + held <= this.mostBytes)
      this.kept = { weights, dataset: new WeakRef(dataset), rest, rows };
    return rows;
  }
}

/** To the bit: a model comes to the worker as a copy each time. */
function sameModel(one: ModelWeights, other: ModelWeights): boolean {
  return (
    one === other ||
    (one.model === other.model &&
      one.inputShape.join() === other.inputShape.join() &&
      one.parameters.length === other.parameters.length &&
      one.parameters.every((array, at) => sameArray(array, other.parameters[at])))
  );
}

function sameArray(one: NamedArray, other: NamedArray | undefined): boolean {
  if (other?.name !== one.name || other.shape.join() !== one.shape.join()) return false;
  const [left, right] = [bytesOf(one.data), bytesOf(other.data)];
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
