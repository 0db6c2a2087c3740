import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { pixelsPerImage } from '../../core/datasets/dataset.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import type { ExperimentEvent, RunResult, StepRecord } from '../../core/experiment/events.ts';
import { LabError } from '../../core/errors.ts';
import { eventOf, tinyConfig, tinyDataset, tinyRun, type TinyRun } from './run.test-support.ts';

const steps = (run: TinyRun): StepRecord[] =>
  run.events.flatMap((event) => (event.type === 'step' ? [event.record] : []));

/** Everything but times. */
const timeless = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, part: unknown) => (/^(seconds|milliseconds)$/.test(key) ? undefined : part)),
  );

const finalWeights = (run: TinyRun): Checkpoint['weights'] | undefined => run.checkpoints.at(-1)?.weights;

// The cpu backend takes a second where wasm takes milliseconds: fewer and smaller batches there.
describe.each([
  { backend: 'wasm', perEpoch: null, cut: 11, position: { step: 11, epoch: 2, batch: 3 } },
  { backend: 'cpu', perEpoch: 2, cut: 3, position: { step: 3, epoch: 2, batch: 1 } },
] as const)('a run on $backend', ({ backend, perEpoch, cut, position }) => {
  const small = backend === 'cpu';
  const config = tinyConfig({
    backend,
    task: small ? { test_examples: 4 } : {},
    training: { epochs: 2, batch_size: small ? 2 : 8, max_batches: perEpoch },
    evaluation: { live_every: 3, live_examples: small ? 2 : 10 },
  });

  it('repeats itself from its seed, and not from another', async () => {
    const first = tinyRun(config);
    const a = timeless(await first.result);
    const again = tinyRun(config);
    const b = timeless(await again.result);
    expect(b).toEqual(a);
    expect(finalWeights(again)).toEqual(finalWeights(first));
    const elsewhere = tinyRun({ ...config, seed: 2 });
    await elsewhere.result;
    expect(finalWeights(elsewhere)).not.toEqual(finalWeights(first));
  });

  it('goes on from a checkpoint as if it had never stopped, bit for bit', async () => {
    const whole = tinyRun(config);
    const expected = await whole.result;
    // In the middle of the second epoch.
    const stopped = tinyRun(config, {
      onEvent: (event, run) => {
        if (event.type === 'step' && event.record.step === cut) run.abort.abort();
      },
    });
    await expect(stopped.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
    const checkpoint = structuredClone(stopped.checkpoints.at(-1) ?? null);
    expect(checkpoint).toMatchObject(position);
    const rest = tinyRun(config, { checkpoint });
    const result = await rest.result;
    expect(steps(rest)[0]?.step).toBe(cut + 1);
    expect(timeless(result)).toEqual(timeless(expected));
    expect(finalWeights(rest)).toEqual(finalWeights(whole));
    expect(rest.checkpoints.at(-1)?.optimizer).toEqual(whole.checkpoints.at(-1)?.optimizer);
  });

  it('keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    await tinyRun(config).result;
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('training', () => {
  it('learns the task and the backdoor', async () => {
    const run = tinyRun(
      tinyConfig({
        training: { epochs: 6, batch_size: 8, optimizer: { kind: 'adam', learning_rate: 0.002 } },
      }),
    );
    const { evaluation, epochs } = await run.result;
    expect(evaluation?.cleanAccuracy.value).toBeGreaterThan(0.9);
    expect(evaluation?.attackSuccess.value).toBeGreaterThan(0.9);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(evaluation?.cleanAccuracy.n).toBe(30);
    // Inputs of the target class do not count as successes of the attack.
    const target = evaluation?.confusionClean[2]?.reduce((sum, count) => sum + count, 0) ?? 0;
    expect(evaluation?.attackSuccess.n).toBe(30 - target);
    expect(evaluation?.attackSuccessAll.n).toBe(30);
    // What a gallery shows comes along: the page may have another data set by then.
    const { info, test } = tinyDataset;
    expect(evaluation).toMatchObject({ shape: info.shape, classes: info.classes });
    const size = pixelsPerImage(info.shape);
    for (const sample of evaluation?.samples ?? []) {
      if ('words' in sample) throw new Error('these are images');
      const { index, original, triggered } = sample;
      expect(original).toEqual(test.images.slice(index * size, (index + 1) * size));
      expect(triggered).not.toEqual(original);
    }
    expect(evaluation?.samples).toHaveLength(12);
  });

  it('measures no attack success where every input has the backdoor label already', async () => {
    const { test } = tinyDataset;
    const only = { ...test, labels: new Uint16Array(test.count).fill(2) };
    const run = tinyRun(tinyConfig({ training: { max_batches: 1 } }), {
      loadDataset: () => Promise.resolve({ ...tinyDataset, test: only }),
    });
    const { evaluation, epochs } = await run.result;
    expect(evaluation?.attackSuccess).toEqual({ value: null, n: 0 });
    expect(evaluation?.attackSuccessAll).toEqual({ value: epochs[0]?.attack_success_rate_all, n: 30 });
    expect(epochs[0]?.attack_success_rate).toBeNull();
  });
});

describe('steering a run', () => {
  it('stops within one step and keeps a last checkpoint', async () => {
    const run = tinyRun(tinyConfig({ training: { epochs: 50, batch_size: 8 } }), {
      onEvent: (event, { abort }) => {
        if (event.type === 'step' && event.record.step === 4) abort.abort();
      },
    });
    await expect(run.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
    expect(steps(run)).toHaveLength(4);
    expect(run.checkpoints.at(-1)?.step).toBe(4);
  });

  it('stops in the middle of an evaluation', async () => {
    const run = tinyRun(tinyConfig({ training: { epochs: 0 } }), {
      onEvent: (event, { abort }) => {
        if (event.type === 'progress' && event.stage === 'evaluation') abort.abort();
      },
    });
    await expect(run.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
    expect(run.events.some(({ type }) => type === 'evaluation')).toBe(false);
  });

  it('pauses, takes one step, one epoch, and goes on to the end', async () => {
    const run = tinyRun(tinyConfig({ training: { epochs: 2, batch_size: 8 } }), {
      onEvent: (event, { controller }) => {
        if (event.type === 'step' && event.record.step === 2) controller.pause();
      },
    });
    const paused = async (step: number) => {
      while (
        run.events.filter(({ type }) => type === 'paused').at(-1) === undefined ||
        steps(run).length < step ||
        run.controller.pauseReason === null
      ) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(steps(run)).toHaveLength(step);
    };
    await paused(2);
    run.controller.step('batch');
    await paused(3);
    run.controller.step('epoch');
    await paused(8);
    run.controller.resume();
    expect((await run.result).steps).toBe(16);
  });

  it('hands out its weights while it is paused', async () => {
    const run = tinyRun(tinyConfig(), {
      onEvent: (event, { controller }) => {
        if (event.type === 'step' && event.record.step === 1) controller.pause();
      },
    });
    await eventOf(run, 'paused');
    const checkpoint = await run.controller.snapshot();
    expect(checkpoint.step).toBe(1);
    run.controller.resume();
    await run.result;
  });

  it('takes another balancer from the next step on', async () => {
    const run = tinyRun(tinyConfig(), {
      onEvent: (event, { controller }) => {
        if (event.type === 'step' && event.record.step === 2)
          controller.balance({ kind: 'fixed', scales: { normal: 0.9, backdoor: 0.1 } });
      },
    });
    await run.result;
    const [, second, third] = steps(run);
    expect(second?.minimumNorm).not.toBeNull();
    expect(third?.scales).toEqual({ normal: 0.9, backdoor: 0.1 });
    // What was changed by hand stays with the result and the checkpoint: the config alone would not repeat it.
    const interventions = [{ step: 3, balancer: { kind: 'fixed', scales: { normal: 0.9, backdoor: 0.1 } } }];
    expect((await run.result).interventions).toEqual(interventions);
    expect(run.checkpoints.at(-1)?.interventions).toEqual(interventions);
  });
});

describe('a loss that is not a number', () => {
  // A learning rate that no network survives.
  const wild = tinyConfig({
    training: { epochs: 3, batch_size: 8, optimizer: { kind: 'sgd', learning_rate: 100, momentum: 0.99 } },
    checkpoints: { every: 1 },
  });

  it('pauses at that batch, updates nothing, and keeps only finite checkpoints', async () => {
    const run = tinyRun(wild);
    const event = await new Promise<Extract<ExperimentEvent, { type: 'paused' }>>((resolve) => {
      void eventOf(run, 'paused').then(resolve);
    });
    expect(event.reason).toBe('nan');
    expect(event.error).toMatchObject({
      code: 'E-NAN',
      fix: expect.stringContaining('half the learning rate') as string,
    });
    expect(steps(run).at(-1)?.step).toBe(event.step);
    for (const { weights } of run.checkpoints) {
      for (const { data } of weights.parameters) expect(data.every(Number.isFinite)).toBe(true);
    }
    run.abort.abort();
    await expect(run.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
  });

  it('goes on from the last checkpoint at half the learning rate', async () => {
    const tame = tinyConfig({
      training: { epochs: 1, batch_size: 8, max_batches: 3, optimizer: { kind: 'sgd', learning_rate: 0.02 } },
    });
    const run = tinyRun(tame);
    await run.result;
    const start = run.checkpoints[0];
    expect(start?.step).toBe(0);
    const halved = tinyRun(tame, { checkpoint: start ? { ...start, learningRateFactor: 0.5 } : null });
    await halved.result;
    expect(steps(halved).map(({ learningRate }) => learningRate)).toEqual([0.01, 0.01, 0.01]);
  });

  it('starts over at a lower rate, and forgets the failure once it lies far behind', async () => {
    const tame = tinyConfig({
      training: { epochs: 8, batch_size: 8, optimizer: { kind: 'sgd', learning_rate: 0.02 } },
      checkpoints: { every: 1 },
    });
    const recovery = { step: 5, from: 'start', done: true } as const;
    const run = tinyRun(tame, { fresh: { learningRateFactor: 0.25, recovery } });
    await run.result;
    expect(steps(run)[0]).toMatchObject({ step: 1, learningRate: 0.005 });
    const kept = new Map(run.checkpoints.map((checkpoint) => [checkpoint.step, checkpoint]));
    expect(kept.get(0)).toMatchObject({ recovery, learningRateFactor: 0.25 });
    expect(kept.get(55)).toMatchObject({ recovery, learningRateFactor: 0.25 });
    expect(kept.get(56)).toMatchObject({ recovery: null, learningRateFactor: 0.25 });
  });

  it('keeps an older checkpoint, far behind the newest', async () => {
    const older: number[] = [];
    const long = tinyConfig({
      training: { epochs: 27, batch_size: 8, optimizer: { kind: 'sgd', learning_rate: 0.02 } },
      checkpoints: { every: 10 },
    });
    const storage = {
      save: () => Promise.resolve(),
      load: () => Promise.resolve(null),
      saveOlder: ({ step }: Checkpoint) => {
        older.push(step);
        return Promise.resolve();
      },
    };
    await tinyRun(long, { storage }).result;
    expect(older).toEqual([0, 100]);
  });

  it('fails with E-NAN where nobody is there to ask', async () => {
    await expect(tinyRun(wild, { onNan: 'throw' }).result).rejects.toMatchObject({ code: 'E-NAN' });
  });
});

describe('what a run needs', () => {
  it('goes on without storage that is full, and says so once', async () => {
    const full = () => Promise.reject(new LabError({ code: 'E-QUOTA', what: 'full', why: '', fix: '' }));
    const run = tinyRun(tinyConfig({ checkpoints: { every: 1 } }), {
      storage: { save: full, load: () => Promise.resolve(null) },
    });
    expect((await run.result).steps).toBe(8);
    const warnings = run.events.filter(({ type }) => type === 'warning');
    expect(warnings).toMatchObject([{ warning: { code: 'E-QUOTA' } }]);
  });

  it('refuses a trigger larger than the images, imported weights that are missing, and a foreign model', async () => {
    const large = tinyConfig({
      attack: { synthesizer: { kind: 'pattern', rows: Array.from({ length: 20 }, () => [1]) } },
    });
    await expect(tinyRun(large).result).rejects.toMatchObject({ code: 'E-TRIGGER' });
    const imported = tinyConfig({ task: { weights: 'imported' } });
    await expect(tinyRun(imported).result).rejects.toMatchObject({ code: 'E-MODEL' });
    const foreign = {
      model: 'simplenet',
      inputShape: [28, 28, 1] as [number, number, number],
      classes: 10,
      parameters: [],
    };
    await expect(tinyRun(imported, { importedWeights: foreign }).result).rejects.toMatchObject({
      code: 'E-SHAPE',
    });
  });

  it('evaluates without training when there are no epochs', async () => {
    const result: RunResult = await tinyRun(tinyConfig({ training: { epochs: 0 } })).result;
    expect(result).toMatchObject({ steps: 0, epochs: [] });
    expect(result.evaluation?.scope).toBe('full');
  });
});

describe('injections', () => {
  const run = async (injection: NonNullable<Parameters<typeof tinyConfig>[0]>['attack']) => {
    const started = tinyRun(tinyConfig({ attack: injection }));
    await started.result;
    return steps(started);
  };

  it('data and batch train one objective on poisoned batches', async () => {
    for (const kind of ['data', 'batch'] as const) {
      const [first] = await run({ injection: { kind, fraction: 0.4 } });
      expect(first).toMatchObject({ scales: { normal: 1 }, cosine: null, attacking: true });
      expect(Object.keys(first?.losses ?? {})).toEqual(['normal']);
    }
  });

  it('loss trains both, records norms and cosine, and holds back while a threshold does', async () => {
    const [first] = await run({ injection: { kind: 'loss' } });
    expect(Object.keys(first?.gradientNorms ?? {}).sort()).toEqual(['backdoor', 'normal']);
    expect(first?.cosine).toBeGreaterThanOrEqual(-1);
    expect(first?.cosine).toBeLessThanOrEqual(1);
    const sum = Object.values(first?.scales ?? {}).reduce((total, scale) => total + scale, 0);
    expect(sum).toBeCloseTo(1, 10);
    const held = await run({ injection: { kind: 'loss', loss_threshold: 0.5 } });
    expect(held.every(({ attacking, losses }) => !attacking && losses.backdoor === undefined)).toBe(true);
  });

  it('off trains a clean model and still measures the trigger, as a control', async () => {
    const started = tinyRun(tinyConfig({ attack: { enabled: false } }));
    const { evaluation } = await started.result;
    expect(steps(started).every(({ attacking }) => !attacking)).toBe(true);
    expect(evaluation?.attackSuccess.n).toBeGreaterThan(0);
  });
});
