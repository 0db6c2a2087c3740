/** The workloads as the lab's engine does them, with the upload of the images and the read-back of the losses. */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerConfig } from '../../src/core/config/schema.ts';
import { searchStep } from '../../src/engine/defenses/neural-cleanse/search-step.ts';
import { Network } from '../../src/engine/models/network.ts';
import { AdamSearch } from '../../src/engine/objectives/adam-search.ts';
import type { SpawnHelper } from '../../src/engine/parallel/messages.ts';
import { predictAll } from '../../src/engine/parallel/predictions.ts';
import { Team } from '../../src/engine/parallel/team.ts';
import { GradientShaper } from '../../src/engine/privacy/gradient-shaper.ts';
import { Optimizer } from '../../src/engine/training/optimizer.ts';
import { trainingStep } from '../../src/engine/training/step.ts';
import type { StepTask } from '../../src/core/training/tasks.ts';
import { isRound } from '../shared-work.ts';
import type { Bout } from '../station.ts';
import { BATCH, EVALUATION_IMAGES, type StepName } from '../workload-list.ts';
import { CIFAR, CLASSES, MNIST, NEURAL_CLEANSE, noiseImages, SGD, TARGET, withTrigger } from './inputs.ts';
import { kernelBout, settling } from './kernels.ts';
import { labelsBout } from './labels.ts';
import { roundBout } from './rounds.ts';

const SGD_CONFIG: OptimizerConfig = {
  kind: 'sgd',
  learning_rate: SGD.learningRate,
  momentum: SGD.momentum,
  weight_decay: SGD.weightDecay,
};

const ADAM_CONFIG: OptimizerConfig = {
  kind: 'adam',
  learning_rate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weight_decay: 0,
};

/** Threads that may help, as in a run of the product. */
export interface Helpers {
  spawn: SpawnHelper;
  count: number;
}

export async function labBout(name: StepName, helpers: Helpers): Promise<Bout> {
  switch (name) {
    case 'simplenet_step':
      return training('simplenet', MNIST, SGD_CONFIG, 1, helpers);
    case 'simplenet_adam_step':
      return training('simplenet', MNIST, ADAM_CONFIG, 1, helpers);
    case 'dp_step':
      return training('simplenet', MNIST, SGD_CONFIG, 1, helpers, GradientShaper.private(1, 1, 1.1, BATCH));
    case 'mgda_step':
      return training('simplenet', MNIST, SGD_CONFIG, 2, helpers);
    case 'resnet18_step':
      return training('resnet18', CIFAR, SGD_CONFIG, 1, helpers);
    case 'simplenet_eval':
      return evaluation(helpers);
    case 'nc_step':
      return neuralCleanse();
    case 'nc_labels':
      return labelsBout((network) => anyTeam(network, helpers));
    default: {
      if (isRound(name)) return roundBout(name, (network) => anyTeam(network, helpers));
      const bout = kernelBout(name);
      if (!bout) throw new Error(`The lab has no workload ${name}.`);
      return bout;
    }
  }
}

/** The engine's own step: a gradient for each task, their balance, one update. */
async function training(
  model: string,
  shape: readonly [number, number, number],
  config: OptimizerConfig,
  count: 1 | 2,
  helpers: Helpers,
  shaper: GradientShaper | null = null,
): Promise<Bout> {
  const network = Network.create(model, shape, CLASSES, 1);
  const optimizer = new Optimizer(config, network.parameters);
  const team = await teamFor(network, helpers);
  const batch = noiseImages(BATCH, shape);
  const tasks: StepTask[] = [{ objective: 'normal', batch }];
  if (count === 2) tasks.push({ objective: 'backdoor', batch: withTrigger(batch, shape) });
  let step = 0;
  return {
    step: async () => {
      step++;
      const { finite } = await trainingStep(
        network,
        optimizer,
        tasks,
        { kind: 'mgda', normalize: 'loss' },
        config.learning_rate,
        step,
        team,
        [],
        shaper,
      );
      assertWhole(team);
      if (!finite) throw new Error(`The loss of step ${step} is not a number.`);
    },
    settle: settling(() => network.variables.at(-1) ?? null),
    threads: team?.size ?? 1,
    dispose: () => {
      team?.dispose();
      optimizer.dispose();
      network.dispose();
    },
  };
}

async function evaluation(helpers: Helpers): Promise<Bout> {
  const network = Network.create('simplenet', MNIST, CLASSES, 1);
  const team = await teamFor(network, helpers);
  const batch = noiseImages(EVALUATION_IMAGES, MNIST);
  return {
    step: async () => {
      await predictAll(network, team, [batch]);
      assertWhole(team);
    },
    settle: null,
    threads: team?.size ?? 1,
    dispose: () => {
      team?.dispose();
      network.dispose();
    },
  };
}

/** A team as a run makes it: on the wasm backend only, and of the lead alone where there are no helpers. */
async function teamFor(network: Network, { spawn, count }: Helpers): Promise<Team | null> {
  if (tf.getBackend() !== 'wasm') return null;
  const team = count > 0 ? new Team(spawn, count) : Team.alone();
  await team.take(network);
  await team.assembled();
  assertWhole(team);
  return team;
}

/** The same, and of the lead alone on other backends. */
async function anyTeam(network: Network, helpers: Helpers): Promise<Team> {
  const made = await teamFor(network, helpers);
  const team = made ?? Team.alone();
  if (!made) await team.take(network);
  return team;
}

/** A team that lost helpers goes on more slowly, which is nothing to time. */
function assertWhole(team: Team | null): void {
  const [why] = team?.takeLosses() ?? [];
  if (why !== undefined) throw new Error(`a helper thread was lost: ${why}`);
}

/** One step of the search of Neural Cleanse, as the defense takes it: Adam on a mask [28, 28] and a pattern [28, 28, 1]. */
function neuralCleanse(): Bout {
  const network = Network.create('simplenet', MNIST, CLASSES, 1);
  const { images } = noiseImages(BATCH, MNIST);
  const [height, width] = MNIST;
  const raw = { mask: new Float32Array(height * width), pattern: new Float32Array(height * width) };
  const adam = new AdamSearch([raw.mask, raw.pattern], NEURAL_CLEANSE.learningRate);
  const normalization = { mean: [0], deviation: [1] };
  let step = 0;
  return {
    step: async () => {
      step++;
      const { crossEntropy } = await searchStep(network, images, TARGET, raw, adam, {
        weight: NEURAL_CLEANSE.maskWeight,
        norm: 1,
        normalization,
      });
      if (!Number.isFinite(crossEntropy)) throw new Error(`The loss of step ${step} is not a number.`);
    },
    // Each step reads its gradient back.
    settle: null,
    dispose: () => network.dispose(),
  };
}
