/** Trigger-activation change. Source: Zheng et al., Data-free Backdoor Removal, ECCV 2022, section 3.3, equation 3. */
import * as tf from '@tensorflow/tfjs-core';
import type { params } from '../../core/defenses/trigger-activation.ts';
import type { Layer } from '../../core/models/layers.ts';
import { type UnitGroup, unitGroupsOf } from '../../core/models/units.ts';
import { mean, sampleDeviation } from '../../core/statistics/moments.ts';
import { Network } from '../models/network.ts';
import { breathe, type DefenseRun } from './context.ts';

/** Images at once. */
const CHUNK = 100;

export const runTriggerActivation: DefenseRun<typeof params> = async (
  { weights, pairs, signal, progress, show },
  { examples, u },
) => {
  if (!pairs) throw new RangeError('the frame gives the trigger to who needs it');
  const network = new Network(weights);
  const groups = unitGroupsOf(network.layers);
  const changes = groups.map(({ channels }) => new Float64Array(channels));
  const count = Math.min(examples, pairs.clean.count);
  try {
    for (let start = 0; start < count; start += CHUNK) {
      await breathe(signal);
      const places = Array.from({ length: Math.min(CHUNK, count - start) }, (_, at) => start + at);
      const [plain, triggered] = await Promise.all([pairs.clean.read(places), pairs.triggered.read(places)]);
      const found = await channelChanges(network, groups, plain.images, triggered.images, places.length);
      found.forEach((values, group) =>
        values.forEach((value, channel) => add(changes[group], channel, value)),
      );
      progress(start + places.length, count);
    }
  } finally {
    network.dispose();
  }
  const flagged: number[] = [];
  let score = 0;
  for (const [at, { layer, first }] of groups.entries()) {
    const values = Array.from(changes[at] ?? [], (value) => value / count);
    const [centre, spread] = [mean(values), sampleDeviation(values)];
    const threshold = centre + u * spread;
    const over = values.map((value) => spread > 0 && value > threshold);
    over.forEach((named, channel) => named && flagged.push(first + channel));
    if (spread > 0) score = Math.max(score, (Math.max(...values) - centre) / spread);
    show({
      kind: 'bars',
      id: layer,
      title: `Change of the channels of ${layer} by the trigger`,
      axis: 'mean distance of the activations without and with the trigger',
      bars: values.map((value, channel) => ({
        name: String(channel),
        value,
        flagged: over[channel] ?? false,
      })),
      threshold,
    });
  }
  return { verdict: 'undecided', score, flagged, metrics: { images: count } };
};

function add(sums: Float64Array | undefined, at: number, value: number): void {
  if (sums) sums[at] = (sums[at] ?? 0) + value;
}

/** For each group, the sum over the images of each channel's Euclidean distance between both activations. */
async function channelChanges(
  network: Network,
  groups: readonly UnitGroup[],
  plain: Float32Array,
  triggered: Float32Array,
  count: number,
): Promise<Float32Array[]> {
  const tensors = tf.tidy(() => {
    const seen = (images: Float32Array): Map<Layer, tf.Tensor> => {
      const outputs = new Map<Layer, tf.Tensor>();
      network.forwardWith(network.batchOf(images, count), new Map(), (layer, output) => {
        outputs.set(layer, output);
        return output;
      });
      return outputs;
    };
    const [before, after] = [seen(plain), seen(triggered)];
    return groups.map(({ output }) => {
      const [a, b] = [before.get(output), after.get(output)];
      if (!a || !b) throw new Error('a forward pass goes through every layer');
      return tf.sum(tf.sqrt(tf.sum(tf.squaredDifference(a, b), [1, 2])), 0);
    });
  });
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return values as Float32Array[];
}
