/** Trains the narrow backdoor network of a subnet replacement; the host is not asked (Qi et al., CVPR 2022, section 3.3). */
import { cancelledError } from '../../core/errors.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { subnetLayers } from '../../core/models/subnet.ts';
import { randomStream } from '../../core/rng/random.ts';
import type { Network } from '../models/network.ts';
import { yieldTask } from '../training/yield-task.ts';
import type { AttackerExamples } from './attacker-examples.ts';
import { NarrowNetwork } from './narrow-network.ts';

/** Clean and triggered examples in a step, each. */
const BATCH = 32;

/** A narrow network may die in its first steps: then another start is tried. */
const STARTS = 5;

/** A subnet that tells so many apart is taken, without a further start. */
const GOOD = 0.995;

export interface SubnetOptions {
  channels: number;
  steps: number;
  /** What it says of a triggered input. */
  strength: number;
  seed: number;
  signal: AbortSignal;
  onStep: (done: number, total: number) => void;
}

/**
 * @returns arrays for `implantSubnet`, and the part of the attacker’s further examples that it tells apart
 * @throws LabError E-SHAPE for a network whose layers do not follow one another, E-CANCELLED
 */
export async function trainSubnet(
  host: Network,
  examples: AttackerExamples,
  { channels, steps, strength, seed, signal, onStep }: SubnetOptions,
): Promise<{ subnet: NamedArray[]; toldApart: number }> {
  const layers = subnetLayers(host, channels);
  let best: { subnet: NamedArray[]; toldApart: number } | null = null;
  for (let start = 0; start < STARTS && (best === null || best.toldApart < GOOD); start++) {
    const drawn = randomStream(seed, 'subnet', start).int(0, 4294967295);
    const narrow = new NarrowNetwork(layers, host.inputShape, drawn);
    try {
      for (let step = 0; step < steps; step++) {
        if (signal.aborted) throw cancelledError();
        const { clean, triggered } = await examples.batch(BATCH, step);
        await narrow.step(clean, triggered);
        onStep(step + 1, steps);
        await yieldTask();
      }
      const toldApart = await partToldApart(narrow, examples);
      if (best === null || toldApart > best.toldApart)
        best = { subnet: await narrow.weights(strength), toldApart };
    } finally {
      narrow.dispose();
    }
  }
  if (!best) throw new RangeError('at least one start');
  return best;
}

/** Halfway between silent and loud is the border. */
async function partToldApart(narrow: NarrowNetwork, examples: AttackerExamples): Promise<number> {
  let [right, all] = [0, 0];
  await examples.each('check', async ({ clean, triggered }) => {
    right += (await narrow.outputs(clean)).filter((value) => value < 0.5).length;
    right += (await narrow.outputs(triggered)).filter((value) => value >= 0.5).length;
    all += clean.count + triggered.count;
  });
  return right / all;
}
