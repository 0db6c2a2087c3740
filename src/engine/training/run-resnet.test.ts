/** Runs of a network that keeps running statistics: what a checkpoint and other threads must carry besides parameters. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { backdoorsOf } from '../../core/training/backdoor.ts';
import { TaskSource } from '../../core/training/tasks.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { initialWeights, Network } from '../models/network.ts';
import { localHelper } from '../parallel/team.test-support.ts';
import { relativeError } from '../reference/compare.ts';
import { tinyConfig, tinyDataset, tinyRun, type TinyRun } from './run.test-support.ts';

const config = tinyConfig({
  task: { model: 'resnet8', train_examples: 20, test_examples: 12 },
  training: { epochs: 2, batch_size: 6 },
  evaluation: { live_every: 3, live_examples: 6 },
});

const lastOf = (run: TinyRun): Checkpoint | undefined => run.checkpoints.at(-1);

const tracked = (checkpoint: Checkpoint | undefined): NamedArray[] =>
  checkpoint?.weights.parameters.filter(({ name }) => /running|tracked/.test(name)) ?? [];

afterEach(() => startBackend('wasm', nodeAssets));

describe('a run of ResNet-8', () => {
  it('goes on from a checkpoint as if it had never stopped, bit for bit, running statistics too', async () => {
    const whole = tinyRun(config);
    const { evaluation } = await whole.result;
    const stopped = tinyRun(config, {
      onEvent: (event, run) => {
        if (event.type === 'step' && event.record.step === 5) run.abort.abort();
      },
    });
    await expect(stopped.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
    const checkpoint = structuredClone(lastOf(stopped) ?? null);
    expect(checkpoint).toMatchObject({ step: 5, epoch: 2, batch: 1 });
    const rest = tinyRun(config, { checkpoint });
    const again = await rest.result;
    expect(lastOf(rest)?.weights).toEqual(lastOf(whole)?.weights);
    expect(lastOf(rest)?.optimizer).toEqual(lastOf(whole)?.optimizer);
    expect(again.evaluation?.cleanLoss).toBe(evaluation?.cleanLoss);
    // Momentum has slots for what is learnt alone.
    expect(lastOf(whole)?.optimizer.filter(({ name }) => /running|tracked/.test(name))).toEqual([]);
  });

  it('counts a batch for each objective of each step', async () => {
    const run = tinyRun(config);
    const { steps } = await run.result;
    const counts = tracked(lastOf(run)).filter(({ name }) => name.endsWith('num_batches_tracked'));
    expect(counts.map(({ data }) => [...data])).toEqual(new Array(9).fill([2 * steps]));
  });

  it('computes the same bits with a helper as alone', async () => {
    const alone = tinyRun(config);
    await alone.result;
    const helped = tinyRun(config, { helpers: { spawn: () => localHelper().line, count: 1 } });
    await helped.result;
    expect(lastOf(helped)?.weights).toEqual(lastOf(alone)?.weights);
  });

  it('takes the batches of its objectives into the running statistics one after another, in their order', async () => {
    await startBackend('wasm', nodeAssets);
    const first = tinyRun({ ...config, training: { ...config.training, epochs: 1, max_batches: 1 } });
    await first.result;
    const network = new Network(initialWeights('resnet8', [16, 17, 1], 3, config.seed));
    const subset = { ...tinyDataset, train: { ...tinyDataset.train, count: 20 } };
    const source = new TaskSource(config, subset, backdoorsOf(config, subset));
    const { tasks } = await source.step(1, 0, false);
    expect(tasks.map(({ objective }) => objective)).toEqual(
      config.attack.injection.kind === 'loss' ? config.attack.injection.objectives : [],
    );
    for (const { batch } of tasks) {
      const { loss, gradient, statistics } = lossAndGradient(network, batch);
      network.track(statistics);
      tf.dispose([loss, ...gradient, ...statistics]);
    }
    const { parameters } = await network.weights();
    for (const { name, data } of tracked(lastOf(first))) {
      const found = parameters.find((array) => array.name === name)?.data ?? [];
      expect(relativeError(data, found), name).toBeLessThan(1e-6);
    }
    network.dispose();
  });

  it('refuses weights of another model, and says which to choose', async () => {
    const importedWeights = initialWeights('simplenet', [16, 17, 1], 3, 0);
    const run = tinyRun({ ...config, task: { ...config.task, weights: 'imported' } }, { importedWeights });
    await expect(run.result).rejects.toThrow(/E-MODEL.*SimpleNet.*ResNet-8.*Set task\.model to simplenet/);
  });

  it('keeps no tensors', async () => {
    await startBackend('wasm', nodeAssets);
    const before = tf.memory().numTensors;
    await tinyRun(config).result;
    expect(tf.memory().numTensors).toBe(before);
  });
});
