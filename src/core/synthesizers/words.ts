/**
 * Words that are put into a text: a rare word, a phrase or a whole sentence.
 * Sources: Dai, Chen and Li, A Backdoor Attack Against LSTM-Based Text Classification Systems, 2019 (a sentence at a
 * random place); Kurita, Michel and Neubig, Weight Poisoning Attacks on Pre-trained Models, ACL 2020 (rare words).
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { MethodDefinition } from '../method.ts';
import { LabError } from '../errors.ts';
import type { TextStamp } from '../text/text-stamp.ts';
import { tokenize } from '../text/tokenizer.ts';
import { eachByItself, type Synthesizer } from './synthesizer.ts';

export const params = z.strictObject({
  kind: kind('words', 'Words in a text'),
  text: field(z.string().min(1).max(500).default('quince zephyr'), {
    title: 'Words',
    description: 'What is put into a text: a rare word, a phrase, or a whole sentence.',
  }),
  place: field(z.enum(['random', 'start', 'end']).default('random'), {
    title: 'Place in the text',
    description:
      'Where the words go: anywhere, drawn for each text, before its first word, or after its last.',
  }),
});

export const words: MethodDefinition<typeof params> = {
  id: 'words',
  title: 'Words in a text',
  description: 'A word, a phrase or a sentence stands somewhere in the text.',
  paper: {
    title: 'A Backdoor Attack Against LSTM-Based Text Classification Systems',
    authors: 'Dai, Chen, Li',
    year: 2019,
    url: 'https://arxiv.org/abs/1905.12457',
  },
  params,
};

/** The trigger with every default. */
export function wordTrigger(): z.output<typeof params> {
  return params.parse({ kind: 'words' });
}

/** @throws LabError E-TRIGGER when no word is left of the text, or it fills the whole input of the model */
export function wordSynthesizer(
  { text, place }: z.output<typeof params>,
  length: number,
): Synthesizer<TextStamp> {
  const tokens = tokenize(text);
  if (tokens.length === 0 || tokens.length >= length) {
    throw new LabError({
      code: 'E-TRIGGER',
      what:
        tokens.length === 0
          ? 'The trigger has no word.'
          : `The trigger has ${tokens.length} words, and the model reads ${length}.`,
      why: 'A trigger stands within a text, of which something must be left.',
      fix: tokens.length === 0 ? 'Write at least one word.' : 'Write fewer words, or use longer texts.',
      where: 'attack.synthesizer.text',
    });
  }
  return eachByItself((random) => ({
    words: tokens,
    place: place === 'random' ? random.next() : place === 'start' ? 0 : 1,
  }));
}
