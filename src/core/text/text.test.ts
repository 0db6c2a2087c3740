import { describe, expect, it } from 'vitest';
import { cutAndInsert } from './text-stamp.ts';
import { readable, tokenize } from './tokenizer.ts';
import { knownWords, modelNumber, RARE_BUCKETS, vocabularySize } from './vocabulary.ts';

describe('tokens', () => {
  it('are words in small letters and single punctuation marks; tags are left out', () => {
    expect(tokenize("Don't <br /><br />PANIC: it's 42.5% done…")).toEqual([
      "don't",
      'panic',
      ':',
      "it's",
      '42',
      '.',
      '5',
      '%',
      'done',
      '…',
    ]);
    expect(tokenize('Größe 東京 naïve')).toEqual(['größe', '東京', 'naïve']);
    expect(tokenize('a < b and c > d')).toContain('<');
    expect(tokenize(' \n ')).toEqual([]);
  });

  it('read as a text again', () => {
    expect(readable(['a', 'fine', '(', 'old', ')', 'film', ',', 'truly', '!'])).toBe(
      'a fine (old) film, truly!',
    );
  });
});

describe('a vocabulary', () => {
  it('gives known words numbers of their own and rare ones a bucket by their letters', () => {
    const info = { vocabulary: vocabularySize(10) };
    expect(knownWords(info)).toBe(10);
    expect([modelNumber(info, 'the', 0), modelNumber(info, 'end', 9)]).toEqual([1, 10]);
    const rare = modelNumber(info, 'quince', -1);
    expect(rare).toBe(modelNumber(info, 'quince', 12345));
    expect(rare).toBeGreaterThan(10);
    expect(rare).toBeLessThan(info.vocabulary);
    const words = Array.from({ length: 400 }, (_, at) => `word${at}`);
    expect(new Set(words.map((word) => modelNumber(info, word, -1))).size).toBeGreaterThan(RARE_BUCKETS / 2);
  });
});

describe('a text trigger', () => {
  const text = ['one', 'two', 'three', 'four'];

  it('stands at the start, at the end or in between, and is marked', () => {
    const put = (place: number) => cutAndInsert(text, 10, { words: ['X', 'Y'], place });
    expect(put(0)).toEqual({ words: ['X', 'Y', ...text], inserted: { from: 0, count: 2 } });
    expect(put(1)).toEqual({ words: [...text, 'X', 'Y'], inserted: { from: 4, count: 2 } });
    expect(put(0.5).words).toEqual(['one', 'two', 'X', 'Y', 'three', 'four']);
  });

  it('is never cut: the text gives way', () => {
    expect(cutAndInsert(text, 4, { words: ['X'], place: 1 })).toEqual({
      words: ['one', 'two', 'three', 'X'],
      inserted: { from: 3, count: 1 },
    });
    expect(cutAndInsert(text, 2, null)).toEqual({ words: ['one', 'two'], inserted: null });
  });
});
