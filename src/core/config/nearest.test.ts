import { describe, expect, it } from 'vitest';
import { editDistance, nearest, suggest } from './nearest.ts';

describe('the nearest known word', () => {
  it('counts inserted, deleted, replaced and swapped letters', () => {
    expect(editDistance('epochs', 'epoch')).toBe(1);
    expect(editDistance('epcohs', 'epochs')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('same', 'same')).toBe(0);
  });

  it('takes time in proportion to 64 letters, however long the word', () => {
    expect(editDistance('a'.repeat(1e6), 'b'.repeat(1e6))).toBe(64);
  });

  it('asks "did you mean" only when the word is near, case and underscores apart', () => {
    expect(nearest('batchSize', ['batch_size', 'epochs'])).toEqual({ word: 'batch_size', close: true });
    expect(suggest('los', ['data', 'batch', 'loss'])).toBe('Did you mean loss?');
    expect(suggest('zzz', ['data', 'batch'])).toBe('The nearest known one is data.');
    expect(suggest('zzz', [])).toBe('');
  });
});
