import { describe, expect, it } from 'vitest';
import { chooseDefense } from '../core/defenses/choose.ts';
import type { Evidence } from '../core/defenses/evidence.ts';
import type { DefenseResult } from '../core/defenses/result.ts';
import { defaultConfig } from '../core/config/schema.ts';
import { type BenchModel, listModels } from './bench-models.ts';
import { changedTrial, endedTrial, type Trial, withEvidence } from './bench-trials.ts';

const model = (changes: Partial<BenchModel> = {}): BenchModel => ({
  id: 'live',
  origin: 'live',
  title: 'Small',
  step: 10,
  config: defaultConfig,
  knownTraining: true,
  load: () => Promise.reject(new Error('not wanted here')),
  ...changes,
});

const notes = (id: string, ...lines: string[]): Evidence => ({ kind: 'notes', id, title: id, lines });

const result: DefenseResult = {
  id: 'clp',
  verdict: 'repaired',
  score: 2,
  flagged: [],
  metrics: {},
  seconds: 1,
  control: null,
  evidence: [notes('new')],
  weights: null,
};

const trial = (changes: Partial<Trial> = {}): Trial => ({
  id: 1,
  model: model(),
  defense: chooseDefense('clp'),
  variant: null,
  comparison: null,
  phase: 'running',
  progress: null,
  evidence: [],
  result: null,
  error: null,
  follows: false,
  looks: [],
  ...changes,
});

describe('a defense on the bench', () => {
  it('shows evidence as it grows, each piece in its place', () => {
    const shown = withEvidence(withEvidence([notes('a')], notes('b')), notes('a', 'more'));
    expect(shown.map((one) => [one.id, one.kind === 'notes' && one.lines.length])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
  });

  it('keeps what it showed before until it has looked again', () => {
    const event = { type: 'defense-evidence', id: 'clp', evidence: notes('half') } as const;
    expect(changedTrial(trial(), event).evidence).toHaveLength(1);
    expect(changedTrial(trial({ result }), event)).toEqual({});
    expect(endedTrial(trial({ result }), result, null).evidence).toEqual([notes('new')]);
  });

  it('remembers what it said of a run that it follows, and nothing of one that it does not', () => {
    const first = { step: 5, verdict: 'clean' as const, score: 1 };
    expect(endedTrial(trial({ looks: [first] }), result, 20).looks).toEqual([
      first,
      { step: 20, verdict: 'repaired', score: 2 },
    ]);
    expect(endedTrial(trial({ looks: [first] }), result, null).looks).toEqual([first]);
  });
});

describe('the models of the bench', () => {
  it('are each there once, the run as it is now before what is kept of it', () => {
    const kept = model({ id: 'kept-1', origin: 'kept' });
    const older = model({ id: 'kept-2', origin: 'kept', step: 4 });
    const file = model({ id: 'imported-a', origin: 'imported' });
    const all = listModels(model(), file, {
      session: [model({ id: 'session-1' })],
      kept: [kept, older],
      imported: [file],
    });
    expect(all.map(({ id }) => id)).toEqual(['live', 'imported-a', 'kept-2']);
  });
});
