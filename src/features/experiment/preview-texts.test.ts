import { describe, expect, it } from 'vitest';
import { wordTrigger } from '../../core/synthesizers/words.ts';
import { previewTexts } from './preview-texts.ts';

const texts = [['one', 'two', 'three', 'four'], ['five'], []];

describe('previews of a trigger of words', () => {
  it('show it in each text, at the place it is set to', () => {
    const [first, second, third] = previewTexts(
      { ...wordTrigger(), place: 'start' },
      { length: 5 },
      texts,
      1,
    );
    expect(first).toEqual({
      words: ['quince', 'zephyr', 'one', 'two', 'three'],
      inserted: { from: 0, count: 2 },
    });
    expect(second?.words).toEqual(['quince', 'zephyr', 'five']);
    expect(third?.words).toEqual(['quince', 'zephyr']);
  });

  it('draw random places from the seed', () => {
    const long = [Array.from({ length: 100 }, (_, at) => `w${at}`)];
    const place = (seed: number) =>
      previewTexts(wordTrigger(), { length: 100 }, long, seed)[0]?.inserted?.from;
    expect(place(1)).toBe(place(1));
    expect(new Set([1, 2, 3, 4].map(place)).size).toBeGreaterThan(1);
  });

  it('are none where the trigger fills the whole text', () => {
    expect(previewTexts(wordTrigger(), { length: 2 }, texts, 1)).toEqual([]);
  });
});
