/** Words as the numbers that a model reads. */
import type { TextInfo } from '../datasets/dataset.ts';

/** Numbers that all rarer words share, so that two of them are seldom the same to the model. */
export const RARE_BUCKETS = 256;

/** Words that have a number of their own; the rest share buckets. */
export function knownWords({ vocabulary }: Pick<TextInfo, 'vocabulary'>): number {
  return Math.max(0, vocabulary - 1 - RARE_BUCKETS);
}

/** A vocabulary of the commonest `known` words, for `TextInfo.vocabulary`. */
export function vocabularySize(known: number): number {
  return 1 + known + RARE_BUCKETS;
}

/**
 * The number that the model reads for a word: 1 and up for the commonest, then one of the buckets by the letters of the
 * word, so that a word keeps its number wherever it comes from. 0 fills up short texts.
 * @param index of the word in the data set; anything past the known ones is rare
 */
export function modelNumber(info: Pick<TextInfo, 'vocabulary'>, word: string, index: number): number {
  const known = knownWords(info);
  return index >= 0 && index < known ? 1 + index : 1 + known + (hash(word) % RARE_BUCKETS);
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
