/**
 * The evasion of SentiNet: Grad-CAM is to show the same for triggered inputs as for clean ones. Source: Bagdasaryan and
 * Shmatikov, Blind Backdoors, USENIX Security 2021, section 6.3; of any width of maps.
 */
import * as tf from '@tensorflow/tfjs-core';
import { lastMaps, logitsFromMaps } from '../models/features.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import { type Evasion, type EvasionBatch, numbersOf, stateless } from './evasion.ts';
import { channelWeights, gradCamDifference } from './grad-cam-difference.ts';

export function sentinetEvasion(): Evasion {
  return stateless('sentinet_evasion', async (network, { clean, triggered }: EvasionBatch) => {
    // Both are asked about the label that the backdoor wants.
    const asked = { ...clean, labels: triggered.labels };
    const ofTriggered = await weightsFor(network, triggered);
    const ofClean = await weightsFor(network, asked);
    return (current) =>
      gradCamDifference(
        { maps: mapsOf(current, triggered), weights: tf.tensor1d(ofTriggered) },
        { maps: mapsOf(current, asked), weights: tf.tensor1d(ofClean) },
      );
  });
}

function mapsOf(network: Network, { images, count }: LabelledImages): tf.Tensor4D {
  return lastMaps(network, network.batchOf(images, count));
}

/** Numbers, so that they are constants to whoever differentiates the maps. */
function weightsFor(network: Network, batch: LabelledImages): Promise<Float32Array> {
  return numbersOf(() =>
    channelWeights(mapsOf(network, batch), batch.labels, network.classes, (maps) =>
      logitsFromMaps(network, maps),
    ),
  );
}
