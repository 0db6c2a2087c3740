/** Rounds of federated training, as a run takes them: clients over the threads of a team, then the aggregate. */
import { experimentSchema } from '../../src/core/config/schema.ts';
import type { ImageDataset, ImageSplit } from '../../src/core/datasets/dataset.ts';
import { randomStream } from '../../src/core/rng/random.ts';
import { Federated } from '../../src/engine/federated/federated.ts';
import { Network } from '../../src/engine/models/network.ts';
import type { Team } from '../../src/engine/parallel/team.ts';
import { RunController } from '../../src/engine/training/controller.ts';
import { RunState } from '../../src/engine/training/run-state.ts';
import { type RoundName, ROUNDS } from '../shared-work.ts';
import type { Bout } from '../station.ts';
import { CLASSES, MNIST, SGD } from './inputs.ts';

/** Images of noise as bytes; labels count up through the classes. */
function split(count: number): ImageSplit {
  const random = randomStream(1, 'bench', 'bytes');
  const images = Uint8Array.from({ length: count * MNIST[0] * MNIST[1] }, () => random.int(0, 255));
  return { count, images, labels: Uint16Array.from({ length: count }, (_, index) => index % CLASSES) };
}

function noiseDataset(examples: number): ImageDataset {
  const [height, width] = MNIST;
  return {
    info: {
      kind: 'images',
      id: 'noise',
      title: 'Noise',
      shape: { height, width, channels: 1 },
      classes: Array.from({ length: CLASSES }, (_, label) => String(label)),
      mean: [0.5],
      deviation: [0.3],
      source: 'drawn for the bench',
      licence: 'none',
    },
    train: split(examples),
    test: split(CLASSES),
  };
}

/** @param teamFor makes the team that shares the clients; of the lead alone where the backend has no threads */
export async function roundBout(
  name: RoundName,
  teamFor: (network: Network) => Promise<Team>,
): Promise<Bout> {
  const { clients, perRound, examples, batch } = ROUNDS[name];
  const config = experimentSchema.parse({
    task: { dataset: 'noise' },
    training: {
      batch_size: batch,
      optimizer: {
        kind: 'sgd',
        learning_rate: SGD.learningRate,
        momentum: SGD.momentum,
        weight_decay: SGD.weightDecay,
      },
    },
    attack: { enabled: false },
    federated: { enabled: true, clients, per_round: perRound, local_epochs: 1, client_test_examples: 0 },
  });
  const dataset = noiseDataset(examples);
  const network = Network.create('simplenet', MNIST, CLASSES, 1);
  const team = await teamFor(network);
  const context = {
    signal: new AbortController().signal,
    emit: () => undefined,
    controller: new RunController(),
  };
  const regime = new Federated(config, context, dataset, [], network, team);
  let round = 0;
  return {
    step: async () => {
      // Each round in a state of its own: what the run keeps of earlier ones is not what is timed here.
      const state = RunState.from(null, config);
      state.epoch = ++round;
      const { finite } = await regime.step(state, SGD.learningRate, () => Promise.resolve());
      const [why] = team.takeLosses();
      if (why !== undefined) throw new Error(`a helper thread was lost: ${why}`);
      if (!finite) throw new Error(`round ${round} came to nothing`);
    },
    settle: null,
    threads: team.size,
    dispose: () => {
      team.dispose();
      regime.dispose();
      network.dispose();
    },
  };
}
