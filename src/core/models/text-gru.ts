import type { ArchitectureDefinition } from './layers.ts';
import { textDims } from './text-dims.ts';

/** A GRU that reads the text both ways; its two last states go into one dense layer. */
export const textGru: ArchitectureDefinition = {
  id: 'text_gru',
  title: 'Bidirectional GRU',
  paper: {
    title: 'Learning phrase representations using RNN encoder-decoder for statistical machine translation',
    authors: 'Cho, van Merriënboer, Gulcehre, Bahdanau, Bougares, Schwenk, Bengio',
    year: 2014,
    url: 'https://doi.org/10.3115/v1/D14-1179',
  },
  input: 'text',
  layers: (_shape, classes) => [
    { kind: 'embedding', name: 'embedding', features: 64 },
    { kind: 'recurrent', cell: 'gru', name: 'gru', hidden: 64, bidirectional: true, depth: 1 },
    { kind: 'dense', name: 'fc', units: classes },
  ],
  infer: (shapes) => textDims(shapes, 'embedding', 'fc'),
};
