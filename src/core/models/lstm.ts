import type { ArchitectureDefinition } from './layers.ts';
import { textDims } from './text-dims.ts';

/**
 * A language model: an LSTM reads the words, and a dense layer gives the logits of the word that follows the last one;
 * classes are words. One layer of 64 where Backdoors 101 (models/word_model.py), whose names it has, stacks two of 200.
 */
export const lstmLanguageModel: ArchitectureDefinition = {
  id: 'lstm',
  title: 'LSTM language model',
  paper: {
    title: 'Long short-term memory',
    authors: 'Hochreiter, Schmidhuber',
    year: 1997,
    url: 'https://doi.org/10.1162/neco.1997.9.8.1735',
  },
  input: 'text',
  layers: (_shape, classes) => [
    { kind: 'embedding', name: 'encoder', features: 64 },
    { kind: 'recurrent', cell: 'lstm', name: 'rnn', hidden: 64, bidirectional: false },
    { kind: 'dense', name: 'decoder', units: classes },
  ],
  infer: (shapes) => textDims(shapes, 'encoder', 'decoder'),
};
