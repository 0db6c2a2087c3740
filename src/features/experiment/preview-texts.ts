import type { SynthesizerConfig } from '../../core/config/schema.ts';
import type { TextInfo } from '../../core/datasets/dataset.ts';
import { LabError } from '../../core/errors.ts';
import { randomStream } from '../../core/rng/random.ts';
import { wordSynthesizer } from '../../core/synthesizers/words.ts';
import { cutAndInsert, type MarkedText } from '../../core/text/text-stamp.ts';

/**
 * Texts with the trigger in them, by the same code as a training run; none where the trigger does not fit, which the
 * draft's problems say. Random places are drawn from `seed`.
 * @param texts the words of each
 */
export function previewTexts(
  config: Extract<SynthesizerConfig, { kind: 'words' }>,
  { length }: Pick<TextInfo, 'length'>,
  texts: readonly (readonly string[])[],
  seed: number,
): MarkedText[] {
  try {
    const random = randomStream(seed, 'painter-preview');
    const stamps = wordSynthesizer(config, length).drawBatch(texts.length, random, 'test');
    return texts.map((words, index) => cutAndInsert(words, length, stamps[index] ?? null));
  } catch (thrown) {
    if (thrown instanceof LabError) return [];
    throw thrown;
  }
}
