import type { TextDataset, TextSplit } from '../datasets/dataset.ts';
import { cutAndInsert, type MarkedText } from '../text/text-stamp.ts';
import { modelNumber } from '../text/vocabulary.ts';
import type { PlannedExample } from './examples.ts';
import type { LabelledImages } from './images.ts';

/**
 * Reads planned texts of a split, with their triggers, as the numbers that the model reads: [count, length], filled up
 * with 0 at the end.
 */
export function gatherTexts(
  dataset: TextDataset,
  split: TextSplit,
  planned: readonly PlannedExample[],
): LabelledImages {
  const { length } = dataset.info;
  const images = new Float32Array(planned.length * length);
  const labels = new Int32Array(planned.length);
  for (const [example, plan] of planned.entries()) {
    labels[example] = plan.label;
    const { words } = markedText(dataset, split, plan);
    for (const [at, word] of words.entries()) {
      images[example * length + at] = modelNumber(dataset.info, word, indexOf(dataset, word));
    }
  }
  return { count: planned.length, images, labels };
}

/** One text as the model sees it, with what was put into it marked. */
export function markedText(
  dataset: TextDataset,
  split: TextSplit,
  { index, stamp }: Omit<PlannedExample, 'label'>,
): MarkedText {
  const { length } = dataset.info;
  // No more than the model reads can be needed.
  const text = wordsOfText(dataset, split, index, length);
  return cutAndInsert(text, length, stamp && 'words' in stamp ? stamp : null);
}

/** The first words of text `index` of a split, at most `most` of those that are kept. */
export function wordsOfText(
  { words }: TextDataset,
  { tokens, offsets }: TextSplit,
  index: number,
  most = Infinity,
): string[] {
  const [from, to] = [offsets[index] ?? 0, offsets[index + 1] ?? 0];
  return Array.from(tokens.subarray(from, Math.min(to, from + most)), (token) => words[token] ?? '');
}

const indices = new WeakMap<readonly string[], Map<string, number>>();

/** Index of a word in a data set; -1 for one that it does not have. */
function indexOf({ words }: TextDataset, word: string): number {
  let known = indices.get(words);
  if (!known) {
    known = new Map(words.map((each, index) => [each, index]));
    indices.set(words, known);
  }
  return known.get(word) ?? -1;
}
