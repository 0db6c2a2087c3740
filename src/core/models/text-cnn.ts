import type { ArchitectureDefinition, Layer } from './layers.ts';
import { textDims } from './text-dims.ts';

const FEATURES = 64;
/** The paper's widths and number of filters (section 3.1). */
const WIDTHS = [3, 4, 5];
const FILTERS = 100;

function branch(width: number, index: number): Layer[] {
  return [
    { kind: 'conv_words', name: `convs.${index}`, filters: FILTERS, width },
    { kind: 'relu' },
    { kind: 'max_over_words' },
  ];
}

/**
 * Filters over three, four and five words at a time, the largest value of each over the text, one dense layer. Word
 * vectors are learnt from the start (the paper's CNN-rand), of 64 numbers; without its dropout.
 */
export const textCnn: ArchitectureDefinition = {
  id: 'text_cnn',
  title: 'Text CNN',
  paper: {
    title: 'Convolutional neural networks for sentence classification',
    authors: 'Kim',
    year: 2014,
    url: 'https://doi.org/10.3115/v1/D14-1181',
  },
  input: 'text',
  layers: (_shape, classes) => [
    { kind: 'embedding', name: 'embedding', features: FEATURES },
    { kind: 'parallel', branches: WIDTHS.map(branch) },
    { kind: 'dense', name: 'fc', units: classes },
  ],
  infer: (shapes) => textDims(shapes, 'embedding', 'fc'),
};
