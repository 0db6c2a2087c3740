import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { OptimizerConfig } from '../../core/config/schema.ts';
import { cosineLearningRate } from '../../core/training/schedule.ts';
import type { NetworkParameter } from '../models/network.ts';
import { Optimizer } from '../training/optimizer.ts';
import { type Comparison, compared } from './compare.ts';
import { flatten, nestedNumbers, waveSpec } from './nested.ts';
import { wave, type WaveSpec } from './wave.ts';

const steps = z.array(z.object({ p: nestedNumbers, q: nestedNumbers })).min(1);

/** The seed of a step's gradient, written as `21+step`. */
const seedRule = z.string().transform((rule, context) => {
  const match = /^(\d+)\+step$/.exec(rule);
  if (match?.[1] !== undefined) return Number(match[1]);
  context.addIssue({ code: 'custom', message: 'a rule such as 21+step' });
  return z.NEVER;
});

const schema = z.object({
  p0: waveSpec,
  q0: waveSpec,
  grad_seeds: z.object({ p: seedRule, q: seedRule, scale: z.number() }),
  SGD: z.object({ lr: z.number(), momentum: z.number(), weight_decay: z.number(), steps }),
  Adam: z.object({
    lr: z.number(),
    betas: z.tuple([z.number(), z.number()]),
    eps: z.number(),
    weight_decay: z.number(),
    steps,
  }),
  cosine: z.object({ lr: z.number(), t_max: z.number(), lr_per_epoch: z.array(z.number()).min(1) }),
});
type Reference = z.output<typeof schema>;

/** Every step of SGD and Adam on two parameters, and cosine annealing, on the current backend. */
export async function checkOptimizers(document: unknown): Promise<Comparison[]> {
  const reference = schema.parse(document);
  const { SGD, Adam, cosine } = reference;
  return [
    ...(await checkSteps('SGD', reference, SGD.steps, {
      kind: 'sgd',
      learning_rate: SGD.lr,
      momentum: SGD.momentum,
      weight_decay: SGD.weight_decay,
    })),
    ...(await checkSteps('Adam', reference, Adam.steps, {
      kind: 'adam',
      learning_rate: Adam.lr,
      beta1: Adam.betas[0],
      beta2: Adam.betas[1],
      epsilon: Adam.eps,
      weight_decay: Adam.weight_decay,
    })),
    compared(
      'cosine annealing',
      cosine.lr_per_epoch.map((_, epoch) => cosineLearningRate(cosine.lr, epoch, cosine.t_max)),
      cosine.lr_per_epoch,
    ),
  ];
}

async function checkSteps(
  name: string,
  reference: Reference,
  expected: z.output<typeof steps>,
  config: OptimizerConfig,
): Promise<Comparison[]> {
  const { p0, q0, grad_seeds } = reference;
  const parameters = [parameter('p', p0), parameter('q', q0)];
  const optimizer = new Optimizer(config, parameters);
  const comparisons: Comparison[] = [];
  for (const [step, values] of expected.entries()) {
    const gradients = [
      gradient(p0, grad_seeds.p + step, grad_seeds.scale),
      gradient(q0, grad_seeds.q + step, grad_seeds.scale),
    ];
    optimizer.apply(gradients, config.learning_rate, step + 1);
    const [p, q] = await Promise.all(parameters.map(({ variable }) => variable.data()));
    comparisons.push(
      compared(`${name} step ${step + 1}, p`, p ?? [], flatten(values.p)),
      compared(`${name} step ${step + 1}, q`, q ?? [], flatten(values.q)),
    );
    tf.dispose(gradients);
  }
  optimizer.dispose();
  for (const { variable } of parameters) variable.dispose();
  return comparisons;
}

function parameter(name: string, spec: WaveSpec): NetworkParameter {
  const variable = tf.tidy(() => tf.variable(tf.tensor(wave(spec), spec.shape)));
  return {
    layout: { name, shape: spec.shape, spread: spec.shape, tensorFlowShape: spec.shape },
    variable,
  };
}

function gradient({ shape }: WaveSpec, seed: number, scale: number): tf.Tensor {
  return tf.tensor(wave({ shape, seed, scale }), shape);
}
