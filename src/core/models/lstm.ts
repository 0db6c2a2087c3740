import type { ArchitectureDefinition } from './layers.ts';
import { textDims } from './text-dims.ts';

/** As in Backdoors 101's model for Reddit: word vectors and states of 200 numbers, two layers. */
const WIDTH = 200;
const DEPTH = 2;

/**
 * A language model: an LSTM reads the words, and a dense layer gives the logits of the word that follows the last one;
 * classes are words. Sizes and names are those of Backdoors 101 (models/word_model.py, and the Reddit runs of its
 * predecessor, backdoor_federated_learning). Encoder and decoder are two tables: the words that can be told are fewer
 * than those that are read. Without dropout, which the lab has not.
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
    { kind: 'embedding', name: 'encoder', features: WIDTH },
    { kind: 'recurrent', cell: 'lstm', name: 'rnn', hidden: WIDTH, bidirectional: false, depth: DEPTH },
    { kind: 'dense', name: 'decoder', units: classes },
  ],
  infer: (shapes) => textDims(shapes, 'encoder', 'decoder'),
};
