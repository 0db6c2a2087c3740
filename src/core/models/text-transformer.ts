import type { ArchitectureDefinition, Layer } from './layers.ts';
import { textDims } from './text-dims.ts';

const FEATURES = 64;
const HEADS = 4;
const INNER = 128;
const BLOCKS = 2;

function norm(name: string): Layer {
  return { kind: 'layer_norm', name, epsilon: 1e-5 };
}

/** torch.nn.TransformerEncoderLayer with norm_first: attention, then two dense layers, each added to its input. */
function block(name: string): Layer[] {
  return [
    {
      kind: 'residual',
      body: [norm(`${name}.norm1`), { kind: 'self_attention', name: `${name}.self_attn`, heads: HEADS }],
      shortcut: [],
    },
    {
      kind: 'residual',
      body: [
        norm(`${name}.norm2`),
        { kind: 'dense', name: `${name}.linear1`, units: INNER },
        { kind: 'relu' },
        { kind: 'dense', name: `${name}.linear2`, units: FEATURES },
      ],
      shortcut: [],
    },
  ];
}

/**
 * A small transformer encoder: learnt places, two blocks with the norms first (Xiong et al., On layer normalization in
 * the transformer architecture, ICML 2020), which trains without a warm-up, the mean over the words, one dense layer.
 * Without dropout.
 */
export const textTransformer: ArchitectureDefinition = {
  id: 'text_transformer',
  title: 'Small transformer',
  paper: {
    title: 'Attention is all you need',
    authors: 'Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser, Polosukhin',
    year: 2017,
    url: 'https://arxiv.org/abs/1706.03762',
  },
  input: 'text',
  layers: (_shape, classes) => [
    { kind: 'embedding', name: 'embedding', features: FEATURES },
    { kind: 'positions', name: 'positions' },
    ...Array.from({ length: BLOCKS }, (_, index) => block(`encoder.layers.${index}`)).flat(),
    norm('encoder.norm'),
    { kind: 'mean_over_words' },
    { kind: 'dense', name: 'fc', units: classes },
  ],
  infer: (shapes) => textDims(shapes, 'embedding', 'fc', 'positions'),
};
