import { expect, test } from 'vitest';
import { defaultConfig } from '../core/config/schema.ts';
import { createExperimentStore, defaultAt } from './experiment-store.ts';

function storeWithClock() {
  const clock = { time: 0 };
  return { store: createExperimentStore(defaultConfig, () => clock.time), clock };
}

test('a good value enters the draft and a refused one stays outside with its reason', () => {
  const { store } = storeWithClock();
  expect(store.getState().setPath('training.epochs', 7)).toBe(true);
  expect(store.getState().setPath('training.epochs', -1)).toBe(false);
  expect(store.getState().draft.training.epochs).toBe(7);
  expect(store.getState().problems['training.epochs']).toBeTruthy();
  store.getState().setPath('training.epochs', 3);
  expect(store.getState().problems).toEqual({});
});

test('a path that the schema does not know is refused', () => {
  const { store } = storeWithClock();
  expect(store.getState().setPath('training.epoch', 2)).toBe(false);
  expect(store.getState().draft).toEqual(defaultConfig);
});

test('another kind brings its own defaults and drops the old siblings', () => {
  const { store } = storeWithClock();
  store.getState().setPath('training.optimizer.learning_rate', 0.3);
  store.getState().setPath('training.optimizer.kind', 'adam');
  expect(store.getState().draft.training.optimizer).toEqual({
    kind: 'adam',
    learning_rate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weight_decay: 0,
  });
});

test('defaults follow the kinds chosen now', () => {
  const { store } = storeWithClock();
  expect(defaultAt(store.getState().draft, 'training.optimizer.learning_rate')).toBe(0.01);
  store.getState().setPath('training.optimizer.kind', 'adam');
  expect(defaultAt(store.getState().draft, 'training.optimizer.learning_rate')).toBe(0.001);
  expect(defaultAt(store.getState().draft, 'training.optimizer.kind')).toBe('sgd');
  expect(defaultAt(store.getState().draft, 'training.optimizer.momentum')).toBeUndefined();
  store.getState().setPath('training.optimizer.learning_rate', 0.2);
  store.getState().resetPath('training.optimizer.learning_rate');
  expect(store.getState().draft.training.optimizer.learning_rate).toBe(0.001);
});

test('undo and redo walk through the changes, and a new change forgets what was undone', () => {
  const { store } = storeWithClock();
  store.getState().setPath('seed', 5);
  store.getState().setPath('training.epochs', 2);
  store.getState().undo();
  expect(store.getState().draft.training.epochs).toBe(1);
  expect(store.getState().draft.seed).toBe(5);
  store.getState().redo();
  expect(store.getState().draft.training.epochs).toBe(2);
  store.getState().undo();
  store.getState().setPath('seed', 6);
  expect(store.getState().future).toEqual([]);
  store.getState().undo();
  store.getState().undo();
  store.getState().undo();
  expect(store.getState().draft).toEqual(defaultConfig);
});

test('a drag over one field is one step of undo, a later change another', () => {
  const { store, clock } = storeWithClock();
  for (const seed of [2, 3, 4]) {
    clock.time += 100;
    store.getState().setPath('seed', seed);
  }
  clock.time += 5_000;
  store.getState().setPath('seed', 9);
  store.getState().undo();
  expect(store.getState().draft.seed).toBe(4);
  store.getState().undo();
  expect(store.getState().draft.seed).toBe(defaultConfig.seed);
});

test('a value that changes nothing makes no step of undo', () => {
  const { store } = storeWithClock();
  store.getState().setPath('seed', defaultConfig.seed);
  expect(store.getState().past).toEqual([]);
});

test('a whole config is one step of undo and clears old problems', () => {
  const { store } = storeWithClock();
  store.getState().setPath('seed', -4);
  store.getState().setConfig({ ...defaultConfig, seed: 11 }, 'first-look');
  expect(store.getState()).toMatchObject({ problems: {}, presetId: 'first-look' });
  store.getState().undo();
  expect(store.getState()).toMatchObject({ draft: defaultConfig, presetId: null });
  store.getState().redo();
  expect(store.getState().presetId).toBe('first-look');
});

test('a config that changes nothing keeps the preset, another one loses it', () => {
  const { store } = storeWithClock();
  store.getState().setConfig({ ...defaultConfig, seed: 11 }, 'first-look');
  store.getState().setConfig({ ...defaultConfig, seed: 11 });
  expect(store.getState().presetId).toBe('first-look');
  store.getState().setConfig({ ...defaultConfig, seed: 12 });
  expect(store.getState().presetId).toBeNull();
});
