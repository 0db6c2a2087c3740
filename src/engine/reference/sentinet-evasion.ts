import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { channelWeights, gradCamDifference } from '../objectives/grad-cam-difference.ts';
import { type Comparison, compared, norm } from './compare.ts';
import { waveSpec } from './nested.ts';
import { channelsLast, imageDims } from './simplenet.ts';
import { wave } from './wave.ts';

const schema = z.object({
  net: z.string().startsWith('conv 1->512 k3 stride2'),
  params: z.tuple([waveSpec, waveSpec, waveSpec, waveSpec]),
  input: waveSpec,
  input_back: z.literal('input with rows 1..5, cols 6..8 set to 2.5'),
  labels_back: z.array(z.int().min(0).max(9)),
  loss: z.number(),
  grad_l2: z.tuple([z.number(), z.number(), z.number(), z.number()]),
});

/** The loss on a network of one convolution and one dense layer, and the norm of its gradient in each of their arrays. */
export async function checkSentinetEvasion(document: unknown): Promise<Comparison[]> {
  const reference = schema.parse(document);
  const { params, input } = reference;
  const [filters, bias, dense, denseBias] = params.map((spec) => tf.tensor(wave(spec), spec.shape));
  if (!filters || !bias || !dense || !denseBias) throw new Error('four arrays');
  const shape = imageDims(input);
  const [height, width] = shape;
  const labels = Int32Array.from(reference.labels_back);
  const pixels = channelsLast(wave(input), labels.length, shape);
  const triggered = pixels.map((value, index) => {
    const [row, column] = [Math.floor(index / width) % height, index % width];
    return row >= 1 && row <= 5 && column >= 6 && column <= 8 ? 2.5 : value;
  });
  const packed = tf.tidy(() => {
    const kernel = tf.transpose(filters, [2, 3, 1, 0]) as tf.Tensor4D;
    const classes = dense.shape[0] ?? 0;
    // Its weight is the size of the wave; its layout [out, in].
    const weight = tf.transpose(tf.abs(dense));
    const mapsOf = (images: Float32Array, k: tf.Tensor4D, b: tf.Tensor): tf.Tensor4D =>
      tf.relu(tf.add(tf.conv2d(tf.tensor4d(images, [labels.length, ...shape]), k, 2, 'valid'), b));
    const logitsFrom = (maps: tf.Tensor4D): tf.Tensor2D =>
      tf.add(tf.matMul(tf.mean(maps, [1, 2]), weight), denseBias);
    const weights = [pixels, triggered].map((images) =>
      channelWeights(mapsOf(images, kernel, bias), labels, classes, logitsFrom),
    );
    const [clean, back] = weights;
    if (!clean || !back) throw new Error('weights of both');
    const { value, grads } = tf.valueAndGrads((k, b) =>
      gradCamDifference(
        { maps: mapsOf(triggered, k as tf.Tensor4D, b), weights: back },
        { maps: mapsOf(pixels, k as tf.Tensor4D, b), weights: clean },
      ),
    )([kernel, bias]);
    return tf.concat1d([value, ...grads].map((tensor) => tf.reshape<tf.Rank.R1>(tensor, [-1])));
  });
  const values = (await packed.data()) as Float32Array;
  const middle = 1 + filters.size;
  tf.dispose([packed, filters, bias, dense, denseBias]);
  const [ofFilters, ofBias, ofDense, ofDenseBias] = reference.grad_l2;
  return [
    compared('loss', values.subarray(0, 1), [reference.loss]),
    compared('filters, gradient norm', [norm(values.subarray(1, middle))], [ofFilters]),
    compared('bias, gradient norm', [norm(values.subarray(middle))], [ofBias]),
    // The weights of the channels are constants, so that the dense layer has no part in it.
    compared('dense layer, gradient norms', [0, 0], [ofDense, ofDenseBias]),
  ];
}
