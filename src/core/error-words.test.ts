import { describe, expect, it } from 'vitest';
import { asSentence, messageOf } from './error-words.ts';

describe('asSentence', () => {
  it.each([
    ['It has no layers', 'It has no layers.'],
    ['It has no layers.', 'It has no layers.'],
    ['Loading ...', 'Loading.'],
    [' The line ends. \n', 'The line ends.'],
    ['Unexpected token \'.\', "..." is not JSON', 'Unexpected token \'.\', "..." is not JSON.'],
    ['Did you mean epochs?', 'Did you mean epochs?'],
    ['There is more…', 'There is more…'],
    ['The connection failed: ', 'The connection failed.'],
    ['', ''],
    ['.', ''],
  ])('makes of %j the one sentence %j', (text, sentence) => {
    expect(asSentence(text)).toBe(sentence);
    expect(asSentence(sentence)).toBe(sentence);
  });
});

describe('messageOf', () => {
  it('gives the message of an error, and any other value as text', () => {
    expect([messageOf(new RangeError('too far')), messageOf('gone'), messageOf(undefined)]).toEqual([
      'too far',
      'gone',
      'undefined',
    ]);
  });
});
