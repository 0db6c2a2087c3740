/** Threads of their own that share a batch of a network with batch-norm: the same bits, whoever takes part or fails. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../core/rng/random.ts';
import type { LabelledImages } from '../core/training/images.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { startBackend } from '../engine/backend/start.ts';
import { sameBits } from '../engine/kernels/wasm/test-support.ts';
import { initialWeights, Network } from '../engine/models/network.ts';
import type { HelperLine, ToHelper } from '../engine/parallel/messages.ts';
import { shardedGradients } from '../engine/parallel/sharded-gradients.ts';
import { Team } from '../engine/parallel/team.ts';
import { memoryReport } from '../engine/training/memory.ts';
import { spawnHelperThread } from './spawn-helper-thread.ts';

const SHAPE = [12, 9, 2] as const;
const CLASSES = 3;

function noise(count: number, purpose: string): LabelledImages {
  const random = randomStream(0, purpose);
  return {
    count,
    images: Float32Array.from({ length: count * 12 * 9 * 2 }, () => random.normal()),
    labels: Int32Array.from({ length: count }, (_, index) => index % CLASSES),
  };
}

/** Two shards of uneven sizes, and four. */
const small = noise(67, 'small');
const large = noise(131, 'large');

/** Steps of one batch, of another, of three: losses, gradients and what batch-norm saw, as numbers. */
async function work(team: Team): Promise<Float32Array[]> {
  const network = new Network(initialWeights('resnet8', SHAPE, CLASSES, 0));
  await team.take(network);
  await team.assembled();
  const values: Float32Array[] = [];
  for (const batches of [[small], [large], [small, large, noise(40, 'single')]]) {
    for (const { loss, gradient, statistics } of await shardedGradients(team, batches)) {
      const tensors = [loss, ...gradient, ...statistics];
      values.push(...tensors.map((tensor) => tensor.dataSync() as Float32Array));
      network.track(statistics);
      for (const tensor of tensors) tensor.dispose();
    }
    team.changed();
  }
  network.dispose();
  return values;
}

const same = (values: readonly Float32Array[], others: readonly Float32Array[]): boolean =>
  values.length === others.length && values.every((value, index) => sameBits(value, others[index]));

/** A thread that does something to itself when it is given work. */
function failing(how: (worker: HelperLine) => void, spawned = spawnHelperThread()): HelperLine {
  return {
    ...spawned,
    post: (message: ToHelper, transfer) => {
      if (message.type === 'work') how(spawned);
      else spawned.post(message, transfer);
    },
  };
}

describe('threads that share a batch with batch-norm', () => {
  let team = Team.alone();
  let alone: Float32Array[] = [];
  beforeAll(async () => {
    await startBackend('wasm', nodeAssets);
    alone = await work(Team.alone());
  });
  afterEach(() => team.dispose());

  it.each([1, 3])('give the same bits as one, with %i helpers', async (helpers) => {
    team = new Team(spawnHelperThread, helpers);
    expect(same(await work(team), alone)).toBe(true);
    expect(team.size).toBe(helpers + 1);
    expect(team.takeLosses()).toEqual([]);
  });

  it('go on without one that never comes to the exchange, or that dies before it', async () => {
    const before = memoryReport().tensors;
    let spawned = 0;
    const spawn = (): HelperLine => failing(spawned++ === 0 ? (line) => line.terminate() : () => undefined);
    team = new Team(spawn, 2);
    team.patience = 300;
    expect(same(await work(team), alone)).toBe(true);
    expect(team.size).toBe(1);
    expect(team.takeLosses()).toHaveLength(2);
    expect(memoryReport().tensors).toBe(before);
  });

  it('go on without one that fails in the middle, at once', async () => {
    const nothing = { count: 33, images: new Float32Array(), labels: new Int32Array() };
    team = new Team(() => {
      const line = spawnHelperThread();
      const post = (message: ToHelper, transfer?: ArrayBuffer[]): void => {
        if (message.type !== 'work') line.post(message, transfer);
        // It knows its place, but its images are none.
        else {
          const broken = message.work.map((piece) =>
            piece.kind === 'gradient' ? { ...piece, shards: [nothing] } : piece,
          );
          line.post({ ...message, work: broken }, transfer);
        }
      };
      return { ...line, post };
    }, 1);
    const started = performance.now();
    expect(same(await work(team), alone)).toBe(true);
    expect(performance.now() - started).toBeLessThan(team.patience);
    expect(team.takeLosses()).toHaveLength(1);
  });
});
