/** From texts of word ids to the arrays of a split, whose words stand by how common they are. */
import type { TextSplit } from '../dataset.ts';

/** Longer texts are cut to so many words; shorter sets read fewer. */
const MAX_LENGTH = 200;

/** A text while its data set is read. */
export interface HeldText {
  /** Examples are put in order by it before anything is drawn. */
  path: string;
  tokens: Uint32Array;
  label: string;
}

/** Words by how often the training texts have them, then by their letters; and the place of each id among them. */
export function byFrequency(
  ids: ReadonlyMap<string, number>,
  train: readonly HeldText[],
): { words: string[]; rank: Uint32Array } {
  const counts = new Uint32Array(ids.size);
  for (const { tokens } of train) for (const token of tokens) counts[token] = (counts[token] ?? 0) + 1;
  const sorted = [...ids].sort(
    ([left, a], [right, b]) => (counts[b] ?? 0) - (counts[a] ?? 0) || (left < right ? -1 : 1),
  );
  const rank = new Uint32Array(ids.size);
  sorted.forEach(([, id], place) => (rank[id] = place));
  return { words: sorted.map(([word]) => word), rank };
}

/** Words that a model reads of each: nine texts in ten are read whole, up to a bound. */
export function usualLength(train: readonly HeldText[]): number {
  const lengths = train.map(({ tokens }) => tokens.length).sort((a, b) => a - b);
  return Math.min(MAX_LENGTH, Math.max(8, lengths[Math.floor(lengths.length * 0.9)] ?? 8));
}

/** @param rank place of each word id in the data set's list of words */
export function splitOf(
  examples: readonly HeldText[],
  classes: readonly string[],
  rank: Uint32Array,
): TextSplit {
  const indices = new Map(classes.map((label, index) => [label, index]));
  const offsets = new Uint32Array(examples.length + 1);
  examples.forEach(({ tokens }, at) => (offsets[at + 1] = (offsets[at] ?? 0) + tokens.length));
  const tokens = new Uint32Array(offsets.at(-1) ?? 0);
  let to = 0;
  for (const example of examples) for (const token of example.tokens) tokens[to++] = rank[token] ?? 0;
  const labels = Uint16Array.from(examples, ({ label }) => indices.get(label) ?? 0);
  return { count: examples.length, labels, tokens, offsets };
}
