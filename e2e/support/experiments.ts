/** Experiments that end within seconds, and the addresses that hold them. */
import { configToLink } from '../../src/core/config/link.ts';
import { experimentSchema, type ExperimentInput } from '../../src/core/config/schema.ts';

/** The address, relative to the lab's, that opens with this experiment. */
export function address(experiment: ExperimentInput): string {
  return `./#${configToLink(experimentSchema.parse(experiment))}`;
}

/** The blind attack on the shipped clean model: steps of 16 images, judged on few. Real data, little of it. */
export function small(training: ExperimentInput['training'] = {}): ExperimentInput {
  return {
    name: 'Small',
    seed: 7,
    task: { weights: 'pretrained', train_examples: 3200, test_examples: 400 },
    training: { epochs: 1, batch_size: 16, optimizer: { kind: 'adam' }, ...training },
    evaluation: { batch_size: 200, live_every: 10, live_examples: 100 },
    checkpoints: { every: 20 },
    attack: { injection: { kind: 'loss', balancer: { kind: 'mgda', normalize: 'loss' } } },
  };
}

/** So many steps that no test sees the end: for pausing, stopping and watching. */
export const endless = (): ExperimentInput => small({ epochs: 1000 });
