import { expect, test } from 'vitest';
import type { RunPhase } from '../../state/run-store.ts';
import {
  redoAction,
  resetAction,
  runAction,
  stepBatchAction,
  stepEpochAction,
  stopAction,
  undoAction,
  type Action,
  type ActionState,
} from './actions.ts';
import { shortcutLabel } from './shortcut.ts';

const state = (phase: RunPhase, more: Partial<ActionState> = {}): ActionState => ({
  phase,
  pauseReason: null,
  problem: null,
  canUndo: false,
  canRedo: false,
  ...more,
});
const free = (action: Action, phase: RunPhase, more?: Partial<ActionState>) =>
  action.view(state(phase, more)).blocked === null;

test('one button runs, pauses and goes on', () => {
  const titles = (['idle', 'preparing', 'running', 'paused', 'done', 'stopped', 'failed'] as const).map(
    (phase) => runAction.view(state(phase)).title,
  );
  expect(titles).toEqual(['Run', 'Starting', 'Pause', 'Go on', 'Run again', 'Run again', 'Run again']);
});

test('a draft with problems starts nothing, but a run under way can be paused and resumed', () => {
  const bad = { problem: 'The trigger is empty. Paint it.' };
  expect(free(runAction, 'idle', bad)).toBe(false);
  expect(free(stepBatchAction, 'done', bad)).toBe(false);
  expect(free(runAction, 'running', bad)).toBe(true);
  expect(free(runAction, 'paused', bad)).toBe(true);
  expect(free(stepBatchAction, 'paused', bad)).toBe(true);
});

test('a draft with a problem says which, at the button', () => {
  expect(runAction.view(state('idle', { problem: 'No data. Bring it.' })).blocked).toBe('No data. Bring it.');
});

test('after a loss that is no number only the ways of its notice lead on', () => {
  for (const action of [runAction, stepBatchAction, stepEpochAction]) {
    expect(action.view(state('paused', { pauseReason: 'nan' })).blocked).toMatch(/half the learning rate/);
    expect(free(action, 'paused', { pauseReason: 'user' })).toBe(true);
  }
  expect(free(stopAction, 'paused', { pauseReason: 'nan' })).toBe(true);
  expect(free(resetAction, 'paused', { pauseReason: 'nan' })).toBe(true);
});

test('the run button says what it does now', () => {
  const hints = (['idle', 'running', 'paused', 'done'] as const).map(
    (phase) => runAction.view(state(phase)).hint,
  );
  expect(new Set(hints).size).toBe(4);
  expect(hints).not.toContain(undefined);
});

test('steps wait for a pause', () => {
  for (const action of [stepBatchAction, stepEpochAction]) {
    expect(free(action, 'idle')).toBe(true);
    expect(free(action, 'preparing')).toBe(false);
    expect(free(action, 'running')).toBe(false);
    expect(free(action, 'paused')).toBe(true);
  }
});

test('only a run can be stopped, and only what is there can be reset', () => {
  expect((['idle', 'done', 'stopped', 'failed'] as const).filter((phase) => free(stopAction, phase))).toEqual(
    [],
  );
  expect((['preparing', 'running', 'paused'] as const).every((phase) => free(stopAction, phase))).toBe(true);
  expect(free(resetAction, 'idle')).toBe(false);
  expect(free(resetAction, 'done')).toBe(true);
});

test('undo and redo need something to undo and redo', () => {
  expect(free(undoAction, 'idle')).toBe(false);
  expect(free(undoAction, 'idle', { canUndo: true })).toBe(true);
  expect(free(redoAction, 'idle', { canRedo: true })).toBe(true);
});

test('every blocked action says why, and no two share a shortcut', () => {
  const actions = [
    runAction,
    stepBatchAction,
    stepEpochAction,
    stopAction,
    resetAction,
    undoAction,
    redoAction,
  ];
  for (const action of actions) {
    const { blocked } = action.view(state('preparing', { problem: 'The trigger is empty. Paint it.' }));
    if (blocked !== null) expect(blocked).toMatch(/\.$/);
  }
  const keys = actions.flatMap(({ shortcut }) => (shortcut === null ? [] : [shortcutLabel(shortcut)]));
  expect(new Set(keys).size).toBe(keys.length);
});
