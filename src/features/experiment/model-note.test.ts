import { describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { modelNote } from './model-note.ts';

const common = { id: 'some', title: 'Some', source: '', licence: '' };
const imagesOf = (side: number, channels: 1 | 3): DatasetInfo => ({
  ...common,
  kind: 'images',
  shape: { height: side, width: side, channels },
  classes: Array.from({ length: 10 }, String),
  mean: [],
  deviation: [],
});
const [mnist, color, tiny] = [imagesOf(28, 1), imagesOf(32, 3), imagesOf(8, 1)];
const mails: DatasetInfo = {
  ...common,
  kind: 'text',
  classes: ['ham', 'spam'],
  length: 200,
  vocabulary: 10_257,
};

describe('the note on a model', () => {
  it('says how large it is on these images', () => {
    expect(modelNote('simplenet', mnist)).toBe('431,080 parameters.');
    expect(modelNote('resnet18', color)).toMatch(/^11,173,962 parameters, about \d+ times /);
  });

  it('warns of what a processor cannot bear, and of nothing else', () => {
    expect(modelNote('resnet18', mnist)).toMatch(/Without a GPU/);
    expect(modelNote('resnet8', mnist)).toMatch(
      /^77,754 parameters, about 4 times the arithmetic of SimpleNet\.$/,
    );
    expect(modelNote('resnet20', mnist)).not.toMatch(/GPU/);
  });

  it('compares models of texts with the text CNN', () => {
    expect(modelNote('text_cnn', mails)).toBe('734,150 parameters.');
    expect(modelNote('text_gru', mails)).toMatch(
      /^\d{3},\d{3} parameters, about [\d.]+ times .* text CNN\.$/,
    );
  });

  it('is silent where the comparison cannot be made', () => {
    expect(modelNote('simplenet', tiny)).toBe('');
    expect(modelNote('unknown', mnist)).toBe('');
    expect(modelNote('simplenet', mails)).toBe('');
    expect(modelNote('text_cnn', mnist)).toBe('');
  });
});
