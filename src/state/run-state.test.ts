import { describe, expect, it, vi } from 'vitest';
import type { Evaluation, ExperimentEvent } from '../core/experiment/events.ts';
import { changedBy, IDLE } from './run-state.ts';
import { StepInbox } from './step-inbox.ts';

const evaluation = (scope: 'live' | 'full', step: number) => ({ scope, step }) as Evaluation;
const after = (...events: ExperimentEvent[]) =>
  events.reduce((state, event) => ({ ...state, ...changedBy(event, state) }), IDLE);

describe('the state of a run', () => {
  it('shows progress until it is complete', () => {
    const at = (done: number) =>
      after({ type: 'progress', stage: 'data', done, total: 10, unit: 'bytes' }).progress;
    expect(at(4)).toMatchObject({ done: 4 });
    expect(at(10)).toBeNull();
  });

  it('keeps the last full evaluation while live ones go on', () => {
    const state = after(
      { type: 'evaluation', evaluation: evaluation('full', 10) },
      { type: 'evaluation', evaluation: evaluation('live', 12) },
    );
    expect(state.evaluation?.step).toBe(12);
    expect(state.fullEvaluation?.step).toBe(10);
  });

  it('replaces an epoch that a resumed run repeats', () => {
    const record = (epoch: number, clean_accuracy: number): ExperimentEvent => ({
      type: 'epoch',
      record: {
        epoch,
        clean_accuracy,
        attack_success_rate: 0,
        attack_success_rate_all: 0,
        losses: {},
        scales: {},
        seconds: 1,
      },
    });
    expect(
      after(record(1, 0.5), record(2, 0.6), record(2, 0.7)).epochs.map((epoch) => epoch.clean_accuracy),
    ).toEqual([0.5, 0.7]);
  });

  it('carries the error of a pause, and drops it when the run goes on', () => {
    const error = { code: 'E-NAN', what: '', why: '', fix: '' } as const;
    const paused = after({ type: 'paused', reason: 'nan', step: 3, error });
    expect(paused).toMatchObject({ phase: 'paused', pauseReason: 'nan', error });
    expect(changedBy({ type: 'resumed', step: 3 }, paused)).toEqual({
      phase: 'running',
      pauseReason: null,
      error: null,
    });
  });
});

describe('the inbox of steps', () => {
  it('delivers the latest of each kind once an interval', () => {
    vi.useFakeTimers();
    const delivered: object[] = [];
    const inbox = new StepInbox<{ step: number; memory: number }>((change) => delivered.push(change), 100);
    inbox.add({ step: 1 });
    inbox.add({ memory: 7 });
    inbox.add({ step: 2 });
    expect(delivered).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(delivered).toEqual([{ step: 2, memory: 7 }]);
    vi.advanceTimersByTime(500);
    expect(delivered).toHaveLength(1);
    inbox.add({ step: 3 });
    inbox.flush();
    expect(delivered.at(-1)).toEqual({ step: 3 });
    vi.useRealTimers();
  });
});
