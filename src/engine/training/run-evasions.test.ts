import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { EVASIONS, type EvasionName } from '../../core/config/schema.ts';
import type { ExperimentEvent, StepRecord } from '../../core/experiment/events.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import { RunController } from './controller.ts';
import { tinyConfig, tinyRun } from './run.test-support.ts';

const on = (...names: readonly EvasionName[]) =>
  Object.fromEntries(names.map((name) => [name, { enabled: true }]));

const recordsOf = (events: readonly ExperimentEvent[]): StepRecord[] =>
  events.flatMap((event) => (event.type === 'step' ? [event.record] : []));

const bytes = (checkpoint: Checkpoint | undefined) =>
  [...(checkpoint?.weights.parameters ?? []), ...(checkpoint?.optimizer ?? [])].map(({ name, data }) => [
    name,
    Array.from(data),
  ]);

describe.each(EVASIONS)('a run with %s', (evasion) => {
  it('adds its loss to each step, goes on bit for bit from a checkpoint, and keeps no tensors', async () => {
    const config = tinyConfig({
      attack: { evasions: on(evasion) },
      training: { epochs: 2, batch_size: 16 },
      checkpoints: { every: 3 },
    });
    const whole = tinyRun(config);
    await whole.result;
    const left = tf.memory().numTensors;
    const steps = recordsOf(whole.events);
    expect(steps.length).toBe(8);
    for (const { losses, scales } of steps) {
      expect(losses[evasion]).toBeGreaterThanOrEqual(0);
      expect(scales[evasion]).toBeGreaterThanOrEqual(0);
    }
    const from = whole.checkpoints.find(({ step }) => step === 3);
    const rest = tinyRun(config, { checkpoint: from ?? null });
    await rest.result;
    expect(tf.memory().numTensors).toBe(left);
    expect(left).toBe(0);
    const plain = (record: StepRecord) => ({ ...record, milliseconds: 0 });
    expect(recordsOf(rest.events).map(plain)).toEqual(steps.slice(3).map(plain));
    expect(bytes(rest.checkpoints.at(-1))).toEqual(bytes(whole.checkpoints.at(-1)));
  });
});

describe('evasions', () => {
  it('are switched on and off while a run goes on, which says so', async () => {
    const run = tinyRun(tinyConfig({ training: { epochs: 2, batch_size: 16 } }), {
      onEvent: (event, { controller }) => {
        if (event.type !== 'step') return;
        if (event.record.step === 2) controller.evade(['strip_evasion', 'neural_cleanse']);
        if (event.record.step === 4) controller.evade([]);
      },
    });
    const { interventions } = await run.result;
    const steps = recordsOf(run.events);
    expect(steps.map(({ losses }) => 'strip_evasion' in losses)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((step) => step === 3 || step === 4),
    );
    expect(interventions).toEqual([
      { step: 3, evasions: ['strip_evasion', 'neural_cleanse'] },
      { step: 5, evasions: [] },
    ]);
    expect(steps[2]?.maskNorm).toBeGreaterThan(0);
    // What was switched on by hand stays on in a run that goes on from there.
    const last = run.checkpoints.at(-1);
    expect(last?.interventions).toEqual(interventions);
    const again = tinyRun(tinyConfig({ training: { epochs: 3, batch_size: 16 } }), {
      checkpoint: last ? { ...last, interventions: interventions.slice(0, 1) } : null,
      controller: new RunController(),
    });
    await again.result;
    expect(recordsOf(again.events).every(({ losses }) => 'neural_cleanse' in losses)).toBe(true);
  });

  it('are cancelled while a clean model is trained for them', async () => {
    const config = tinyConfig({
      attack: { evasions: { spectral_evasion: { enabled: true, clean_epochs: 50 } } },
    });
    const run = tinyRun(config, {
      onEvent: (event, { abort }) => {
        if (event.type === 'progress' && event.stage === 'attack') abort.abort();
      },
    });
    await expect(run.result).rejects.toThrow(/E-CANCELLED/);
    expect(tf.memory().numTensors).toBe(0);
  });

  it('are weighed by hand with the weight of the backdoor where they have none', async () => {
    const balancer = { kind: 'fixed' as const, scales: { normal: 0.6, backdoor: 0.3 } };
    const run = tinyRun(
      tinyConfig({
        attack: { evasions: on('pruning_aware'), injection: { kind: 'loss', balancer } },
      }),
    );
    await run.result;
    expect(recordsOf(run.events)[0]?.scales).toEqual({ normal: 0.6, backdoor: 0.3, pruning_aware: 0.3 });
  });
});
