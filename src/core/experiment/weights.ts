import type { InputShape } from '../models/shapes.ts';

/**
 * The weights of a model outside any backend. Names are PyTorch's (`conv1.weight`); layouts are PyTorch's too:
 * convolutions [out, in, kh, kw], linear [out, in], so that safetensors needs no change. The engine converts at its door.
 */
export interface NamedArray {
  name: string;
  shape: number[];
  data: Float32Array;
}

/** What the names of arrays that evasions keep begin with, among the slots of a checkpoint. */
export const EVASION_SLOTS = 'evasion/';

/** What those of federated training begin with. */
export const FEDERATED_SLOTS = 'federated/';

/** What those of triggers that are learned along begin with. */
export const TRIGGER_SLOTS = 'trigger/';

export interface ModelWeights {
  /** Id of the architecture, such as `simplenet`. */
  model: string;
  /** [height, width, channels] of images, [words, vocabulary] of texts. */
  inputShape: InputShape;
  classes: number;
  parameters: NamedArray[];
  /** What a trigger has learned along with it (`learnedArrays`); no part of the network. */
  trigger?: NamedArray[];
}
