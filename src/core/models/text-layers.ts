/**
 * The layers of networks that read texts. A text is a list of word numbers, where 0 fills up what is shorter; those
 * places count for nothing in means, attention and recurrent layers, whichever end they are at.
 */
import type { ActivationShape } from './shapes.ts';

export type TextLayer =
  /** A vector for each word (torch.nn.Embedding with padding_idx 0): the vector of 0 is never learnt. */
  | { kind: 'embedding'; name: string; features: number }
  /** Adds a learnt vector for each place (torch.nn.Embedding of the places). */
  | { kind: 'positions'; name: string }
  /** Filters over `width` words at a time, with a bias, without border (torch.nn.Conv1d). */
  | { kind: 'conv_words'; name: string; filters: number; width: number }
  /** The largest value of each feature over all places. */
  | { kind: 'max_over_words' }
  /** The mean of each feature over the places that hold a word. */
  | { kind: 'mean_over_words' }
  /**
   * The state after the last word of a torch.nn.GRU or LSTM that reads from a state of zeros; with `bidirectional`, the
   * one that reads backwards behind it, after the first word. Of `depth` layers each reads the states of the one below,
   * and the last tells. As PyTorch's with packed sequences.
   */
  | {
      kind: 'recurrent';
      cell: 'gru' | 'lstm';
      name: string;
      hidden: number;
      bidirectional: boolean;
      /** Layers, 1 or more. */
      depth: number;
    }
  /** Normalises each vector by its own mean and variance, then scales and shifts (torch.nn.LayerNorm). */
  | { kind: 'layer_norm'; name: string; epsilon: number }
  /** Each place looks at every place that holds a word (torch.nn.MultiheadAttention on itself; Vaswani et al. 2017). */
  | { kind: 'self_attention'; name: string; heads: number };

/** Gates of each recurrent cell, whose arrays PyTorch stacks. */
export const GATES = { gru: 3, lstm: 4 } as const;

/**
 * Shape after a text layer.
 * @param refuse makes the error of an input that the layer cannot take
 */
export function textShape(
  layer: TextLayer,
  input: ActivationShape,
  refuse: (why: string) => Error,
): ActivationShape {
  if (input.length !== 2) throw refuse('it needs a text, a sequence');
  const [length, features] = input;
  switch (layer.kind) {
    case 'embedding':
      return [length, layer.features];
    case 'positions':
    case 'layer_norm':
      return input;
    case 'conv_words':
      if (length < layer.width) throw refuse('the text is shorter than the filter');
      return [length - layer.width + 1, layer.filters];
    case 'max_over_words':
    case 'mean_over_words':
      return [features];
    case 'recurrent':
      return [layer.hidden * (layer.bidirectional ? 2 : 1)];
    case 'self_attention':
      if (features % layer.heads !== 0) throw refuse('its heads do not share the features evenly');
      return input;
  }
}

/** For people: `gru gru, 64, both ways`. */
export function describeTextLayer(layer: TextLayer): string {
  switch (layer.kind) {
    case 'embedding':
      return `embedding ${layer.name}, ${layer.features}`;
    case 'conv_words':
      return `conv_words ${layer.name}, ${layer.filters} of ${layer.width}`;
    case 'recurrent':
      return [
        `${layer.cell} ${layer.name}, ${layer.hidden}`,
        ...(layer.bidirectional ? ['both ways'] : []),
        ...(layer.depth > 1 ? [`${layer.depth} layers`] : []),
      ].join(', ');
    case 'self_attention':
      return `self_attention ${layer.name}, ${layer.heads} heads`;
    case 'positions':
    case 'layer_norm':
      return `${layer.kind} ${layer.name}`;
    case 'max_over_words':
    case 'mean_over_words':
      return layer.kind;
  }
}
