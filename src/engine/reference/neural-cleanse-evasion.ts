import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { Network } from '../models/network.ts';
import { masked, maskNorm } from '../objectives/mask-and-pattern.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { searchPoint } from '../objectives/trigger-search.ts';
import { type Comparison, compared, norm } from './compare.ts';
import { waveSpec } from './nested.ts';
import { simplenetBatch, simplenetWaves } from './simplenet-waves.ts';
import { wave } from './wave.ts';

const schema = z.object({
  mask: waveSpec,
  pattern: waveSpec,
  model: z.literal('simplenet.json params'),
  input: z.literal('simplenet.json input'),
  masked_first8_img0: z.array(z.number()),
  masked_l2: z.number(),
  evasion_loss: z.number(),
  evasion_grad_l2: z.array(z.number()),
  part1: z.object({
    target: z.int().min(0).max(9),
    ce: z.number(),
    mask_norm_l1: z.number(),
    mask_norm_l2: z.number(),
    total: z.number(),
    grad_mask_l2: z.number(),
    grad_mask_first8: z.array(z.number()),
    grad_pattern_l2: z.number(),
    grad_pattern_first8: z.array(z.number()),
  }),
});

/** The masked images, the evasion's loss and gradient in the model, and the search's loss and gradient in mask and pattern. */
export async function checkNeuralCleanseEvasion(document: unknown): Promise<Comparison[]> {
  const reference = schema.parse(document);
  const { part1 } = reference;
  const network = new Network(simplenetWaves());
  const batch = simplenetBatch();
  const raw = { mask: wave(reference.mask), pattern: wave(reference.pattern) };
  try {
    const [images, l2] = tf.tidy(() => {
      const mask = tf.tensor(raw.mask, [28, 28]);
      const found = masked(
        network.batchOf(batch.images, batch.count),
        mask,
        tf.tensor(raw.pattern, [28, 28, 1]),
      );
      return [found.dataSync() as Float32Array, maskNorm(mask, 2).dataSync()];
    });
    const { loss, gradient, statistics } = lossAndGradient(network, { ...batch, images });
    const losses = await loss.data();
    const norms: number[] = [];
    for (const tensor of gradient) norms.push(norm(await tensor.data()));
    tf.dispose([loss, ...gradient, ...statistics]);
    const wanted = { ...batch, labels: new Int32Array(batch.count).fill(part1.target) };
    const search = await searchPoint(network, wanted, raw, { weight: 0.001, p: 1 });
    return [
      compared('masked images, first 8', images.subarray(0, 8), reference.masked_first8_img0),
      compared('masked images, norm', [norm(images)], [reference.masked_l2]),
      compared('evasion loss', losses, [reference.evasion_loss]),
      compared('evasion gradient norms', norms, reference.evasion_grad_l2),
      compared('search cross-entropy', [search.crossEntropy], [part1.ce]),
      compared('search mask norm, p 1', [search.maskNorm], [part1.mask_norm_l1]),
      compared('search mask norm, p 2', l2, [part1.mask_norm_l2]),
      compared('search loss', [search.total], [part1.total]),
      compared('search mask gradient norm', [norm(search.maskGradient)], [part1.grad_mask_l2]),
      compared('search mask gradient, first 8', search.maskGradient.subarray(0, 8), part1.grad_mask_first8),
      compared('search pattern gradient norm', [norm(search.patternGradient)], [part1.grad_pattern_l2]),
      compared(
        'search pattern gradient, first 8',
        search.patternGradient.subarray(0, 8),
        part1.grad_pattern_first8,
      ),
    ];
  } finally {
    network.dispose();
  }
}
