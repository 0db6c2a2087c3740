import { describe, expect, it } from 'vitest';
import { safeParseConfig } from '../../core/config/parse.ts';
import { defaultConfig, placedTrigger } from '../../core/config/schema.ts';
import { onDataset } from './on-dataset.ts';

describe('an experiment on another data set', () => {
  it('of the same kind keeps all else', () => {
    const moved = onDataset(defaultConfig, { id: 'multimnist', kind: 'images' });
    expect(moved).toEqual({ ...defaultConfig, task: { ...defaultConfig.task, dataset: 'multimnist' } });
  });

  it('of texts gets a model, an optimizer and a trigger for texts, and is valid', () => {
    const other = { synthesizer: placedTrigger(), label: { kind: 'one_target', target: 3 } } as const;
    const attack = { ...defaultConfig.attack, others: [other] };
    const moved = onDataset(
      { ...defaultConfig, attack, task: { ...defaultConfig.task, frozen: ['conv1'], weights: 'pretrained' } },
      { id: 'custom-mails', kind: 'text' },
    );
    expect(moved.task).toMatchObject({
      dataset: 'custom-mails',
      model: 'text_cnn',
      weights: 'random',
      frozen: [],
    });
    expect(moved.training.optimizer).toMatchObject({ kind: 'adam', learning_rate: 0.001 });
    expect(moved.attack.synthesizer.kind).toBe('words');
    expect(moved.attack.label).toEqual({ kind: 'one_target', target: 1 });
    expect(moved.attack.others).toEqual([]);
    expect(safeParseConfig(moved)).toMatchObject({ ok: true, config: moved });
  });

  it('keeps a text model and trigger from one set of texts to the next, and comes back to images', () => {
    const texts = onDataset(defaultConfig, { id: 'custom-a', kind: 'text' });
    const gru = { ...texts, task: { ...texts.task, model: 'text_gru' as const } };
    expect(onDataset(gru, { id: 'custom-b', kind: 'text' }).task.model).toBe('text_gru');
    const back = onDataset(gru, { id: 'mnist', kind: 'images' });
    expect(back.task.model).toBe('simplenet');
    expect(back.attack.synthesizer).toEqual(defaultConfig.attack.synthesizer);
    expect(safeParseConfig(back)).toMatchObject({ ok: true });
  });
});
