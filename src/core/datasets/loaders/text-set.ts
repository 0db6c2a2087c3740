/** From texts to a data set: words by how common they are, classes, splits, order. */
import { LabError } from '../../errors.ts';
import { grouped } from '../../formats/bytes.ts';
import { randomStream } from '../../rng/random.ts';
import { tokenize } from '../../text/tokenizer.ts';
import { vocabularySize } from '../../text/vocabulary.ts';
import type { TextDataset } from '../dataset.ts';
import { classNames } from './examples.ts';
import { byFrequency, type HeldText, splitOf, usualLength } from './text-splits.ts';

/** Share of the examples that becomes the test split where there is none. */
const TEST_SHARE = 0.1;

/** Words that get a number of their own. */
const KNOWN_WORDS = 10_000;

/** Words of one text that are kept: what a model reads, with room for other lengths. */
const MAX_TOKENS = 2000;

const MAX_EXAMPLES = 2_000_000;
const MAX_WORDS = 2_000_000;

/** Words of all texts together: half a gigabyte. */
const MAX_ALL_TOKENS = 2 ** 27;

/** Longer strings of letters are no words, and a hostile file could fill the memory with them. */
const MAX_WORD_LETTERS = 64;

/** A class has a name. */
const MAX_LABEL_LETTERS = 200;

export interface TextSetParts {
  id: string;
  title: string;
  seed: number;
  source: string;
  licence?: string;
  /** In the order of their indices; else those that occur, sorted. */
  classes?: readonly string[];
  /** Words that the model reads; by default as many as nine texts in ten have, at most 200. */
  length?: number;
}

/** Takes texts one by one, in bounded memory: each word is kept once. */
export class TextCollector {
  private readonly ids = new Map<string, number>();
  private readonly held = { train: [] as HeldText[], test: [] as HeldText[] };
  private readonly labels = new Map<string, string>();
  private allTokens = 0;

  /** @throws LabError E-DATASET for more texts or words than the lab reads */
  add(split: 'train' | 'test', path: string, text: string, label: string): void {
    this.addTokens(split, path, tokenize(text), label);
  }

  addTokens(split: 'train' | 'test', path: string, words: readonly string[], label: string): void {
    const tokens = new Uint32Array(Math.min(words.length, MAX_TOKENS));
    for (let at = 0; at < tokens.length; at++)
      tokens[at] = this.idOf((words[at] ?? '').slice(0, MAX_WORD_LETTERS));
    this.held[split].push({ path, tokens, label: this.labelOf(label) });
    this.allTokens += tokens.length;
    if (this.allTokens > MAX_ALL_TOKENS) throw tooMany(`${grouped(MAX_ALL_TOKENS)} words`, path);
    if (this.count > MAX_EXAMPLES) throw tooMany(`${grouped(MAX_EXAMPLES)} texts`, path);
    if (this.ids.size > MAX_WORDS) throw tooMany(`${grouped(MAX_WORDS)} different words`, path);
  }

  get count(): number {
    return this.held.train.length + this.held.test.length;
  }

  /**
   * Examples in an order drawn by the seed. Without test examples a tenth of the training ones becomes the test split.
   * @throws LabError E-DATASET when there are too few examples or classes
   */
  dataset(parts: TextSetParts): TextDataset {
    const { id, title, seed, source, licence = 'Your own files; they stay with you.' } = parts;
    const order = (name: 'train' | 'test'): HeldText[] => {
      const sorted = [...this.held[name]].sort(byPath);
      return Array.from(
        randomStream(seed, 'data', 'order', name).permutation(sorted.length),
        (at) => sorted[at],
      ).filter((example) => example !== undefined);
    };
    let [train, test] = [order('train'), order('test')];
    if (test.length === 0) {
      const count = Math.round(train.length * TEST_SHARE);
      [train, test] = [train.slice(count), train.slice(0, count)];
    }
    const classes = [...(parts.classes ?? classNames([...train, ...test].map(({ label }) => label)))];
    check(classes, train, test, source);
    const { words, rank } = byFrequency(this.ids, train);
    return {
      info: {
        kind: 'text',
        id,
        title,
        classes,
        source,
        licence,
        length: parts.length ?? usualLength(train),
        vocabulary: vocabularySize(Math.min(KNOWN_WORDS, words.length)),
      },
      words,
      train: splitOf(train, classes, rank),
      test: splitOf(test, classes, rank),
    };
  }

  private idOf(word: string): number {
    const known = this.ids.get(word);
    if (known !== undefined) return known;
    const id = this.ids.size;
    this.ids.set(ownCopy(word), id);
    return id;
  }

  private labelOf(label: string): string {
    const known = this.labels.get(label);
    if (known !== undefined) return known;
    if (label.length > MAX_LABEL_LETTERS) throw noLabel(label);
    const own = ownCopy(label);
    this.labels.set(own, own);
    return own;
  }
}

function byPath(a: HeldText, b: HeldText): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** A part of a string may keep all of it in memory; this keeps nothing else. */
function ownCopy(part: string): string {
  return ` ${part}`.slice(1);
}

function check(
  classes: readonly string[],
  train: readonly HeldText[],
  test: readonly HeldText[],
  source: string,
): void {
  const few = train.length === 0 || test.length === 0;
  if (!few && new Set(train.map(({ label }) => label)).size >= 2 && classes.length <= 10_000) return;
  throw new LabError({
    code: 'E-DATASET',
    what: few ? 'There are too few texts.' : `The texts are of ${classes.length} classes.`,
    why: few
      ? `Found ${grouped(train.length)} training and ${grouped(test.length)} test texts.`
      : 'The lab tells 2 to 10,000 classes apart.',
    fix: 'Give more texts of two classes or more, and check which column is the label.',
    where: source,
  });
}

function noLabel(label: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `A class has a name of ${grouped(label.length)} letters.`,
    why: `It begins "${label.slice(0, 40)}": it is rather a text.`,
    fix: 'Check which column is the label.',
  });
}

function tooMany(most: string, where: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `There are more than ${most}.`,
    why: 'The lab keeps texts in memory.',
    fix: 'Give a part of them.',
    where,
  });
}
