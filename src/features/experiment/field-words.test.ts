import { expect, test } from 'vitest';
import { fieldInfo } from '../../core/config/fields.ts';
import { experimentSchema } from '../../core/config/schema.ts';
import { helpOf, isTiny, numberFrom, stepOf, valueInWords } from './field-words.ts';

test('arrows move a number by its own order of magnitude', () => {
  expect(stepOf(fieldInfo('training.epochs'), 7)).toBe(1);
  expect(stepOf(fieldInfo('training.optimizer.learning_rate'), 0.03)).toBeCloseTo(0.01);
  expect(stepOf(fieldInfo('training.optimizer.learning_rate'), 20)).toBe(10);
  expect(stepOf(fieldInfo('attack.injection.proportion'), 1)).toBe(0.05);
  expect(stepOf(fieldInfo('attack.injection.proportion'), 0.003)).toBeCloseTo(0.001);
  expect(stepOf(fieldInfo('attack.injection.loss_threshold'), null)).toBe(0.1);
});

test('values read as words', () => {
  expect(valueInWords(null, fieldInfo('training.max_batches'))).toBe('empty');
  expect(valueInWords('adam', fieldInfo('training.optimizer.kind'))).toBe('Adam');
  expect(valueInWords(true, fieldInfo('attack.enabled'))).toBe('on');
  expect(valueInWords(0.01, fieldInfo('training.optimizer.learning_rate'))).toBe('0.01');
  expect(valueInWords(['normal'], fieldInfo('attack.injection.objectives'))).toBe('["normal"]');
});

test('help of a number ends with its range and unit', () => {
  expect(helpOf(fieldInfo('training.batch_size'))).toBe(
    'Training examples in a step. A whole number from 1 to 65536 (examples).',
  );
  expect(helpOf(fieldInfo('attack.enabled'))).not.toMatch(/true or false/);
});

test('numbers that only a power of ten can show are known, and read from text', () => {
  const adam = experimentSchema.parse({ training: { optimizer: { kind: 'adam' } } });
  expect(isTiny(fieldInfo('training.optimizer.epsilon', adam))).toBe(true);
  expect(isTiny(fieldInfo('training.optimizer.learning_rate', adam))).toBe(false);
  expect(numberFrom('1e-8')).toBe(1e-8);
  expect(numberFrom('-3')).toBe(-3);
  expect(['', ' ', '1e', 'x', 'Infinity'].map(numberFrom)).toEqual([null, null, null, null, null]);
});
