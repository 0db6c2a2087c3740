/** An overlay of texts. Source: Gao et al., Design and Evaluation of a Multi-Domain Trojan Detection Method, 2019, section 4. */
import type { Random } from '../../../core/rng/random.ts';

/** In how many of some texts each word number stands. */
export interface WordFrequencies {
  texts: number;
  of: ReadonlyMap<number, number>;
}

/** Of texts [count, length]; 0 fills up and counts nowhere. */
export function documentFrequencies(texts: Float32Array, length: number): WordFrequencies {
  const found = new Map<number, number>();
  for (let from = 0; from < texts.length; from += length) {
    for (const word of new Set(texts.subarray(from, from + length))) {
      if (word !== 0) found.set(word, (found.get(word) ?? 0) + 1);
    }
  }
  return { texts: texts.length / length, of: found };
}

/**
 * A text in which a share of the words, at places drawn at random, give way to the words of another text that say most
 * about it: the commonest in it that are rarest in the others (TF-IDF).
 */
export function replacedWords(
  text: Float32Array,
  other: Float32Array,
  share: number,
  frequencies: WordFrequencies,
  random: Random,
): Float32Array {
  const telling = tellingWords(other, frequencies);
  const places = [...text.keys()].filter((at) => text[at] !== 0);
  const out = text.slice();
  if (telling.length === 0) return out;
  const order = random.permutation(places.length);
  for (let at = 0; at < Math.round(share * places.length); at++) {
    out[places[order[at] ?? 0] ?? 0] = telling[at % telling.length] ?? 0;
  }
  return out;
}

/** The distinct words of a text, those with the highest count times -log(share of texts that have them) first. */
export function tellingWords(text: Float32Array, { texts, of }: WordFrequencies): number[] {
  const counts = new Map<number, number>();
  for (const word of text) if (word !== 0) counts.set(word, (counts.get(word) ?? 0) + 1);
  const weighed = [...counts].map(([word, count]) => ({
    word,
    weight: count * Math.log((1 + texts) / (1 + (of.get(word) ?? 0))),
  }));
  return weighed.sort((a, b) => b.weight - a.weight || a.word - b.word).map(({ word }) => word);
}
