import { describe, expect, it } from 'vitest';
import { modelNote } from './model-note.ts';

const mnist = {
  shape: { height: 28, width: 28, channels: 1 } as const,
  classes: Array.from({ length: 10 }, String),
};
const color = { shape: { height: 32, width: 32, channels: 3 } as const, classes: mnist.classes };
const tiny = { shape: { height: 8, width: 8, channels: 1 } as const, classes: mnist.classes };

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

  it('is silent where the comparison cannot be made', () => {
    expect(modelNote('simplenet', tiny)).toBe('');
    expect(modelNote('unknown', mnist)).toBe('');
  });
});
