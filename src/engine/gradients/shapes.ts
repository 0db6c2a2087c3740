import * as tf from '@tensorflow/tfjs-core';

function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  if (Array.isArray(dy)) throw new Error('this operation has one output');
  return dy;
}

function input(x: tf.Tensor | undefined): tf.Tensor {
  if (!x) throw new Error('the forward pass saved too few tensors');
  return x;
}

/** A gradient of a reduction, with ones at the reduced axes, spread over the input's shape. */
function spread(dy: tf.Tensor, x: tf.Tensor, axis: number | number[]): tf.Tensor {
  const axes = new Set(tf.util.parseAxisParam(axis, x.shape));
  const kept = x.shape.map((side, index) => (axes.has(index) ? 1 : side));
  return tf.mul(tf.reshape(dy, kept), tf.ones(x.shape));
}

const sum: tf.GradConfig = {
  kernelName: 'Sum',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => spread(one(dy), input(x), (attributes as unknown as { axis: number | number[] }).axis),
  }),
};

const mean: tf.GradConfig = {
  kernelName: 'Mean',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const { size } = one(dy);
      const spreadOut = spread(
        one(dy),
        input(x),
        (attributes as unknown as { axis: number | number[] }).axis,
      );
      return tf.mul(spreadOut, size / input(x).size);
    },
  }),
};

const reshape: tf.GradConfig = {
  kernelName: 'Reshape',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => tf.reshape(one(dy), input(x).shape) }),
};

const identity: tf.GradConfig = {
  kernelName: 'Identity',
  gradFunc: (dy) => ({ x: () => tf.clone(one(dy)) }),
};

const cast: tf.GradConfig = {
  kernelName: 'Cast',
  gradFunc: (dy) => ({ x: () => tf.cast(one(dy), 'float32') }),
};

const transpose: tf.GradConfig = {
  kernelName: 'Transpose',
  gradFunc: (dy, _, attributes) => ({
    x: () => {
      const { perm } = attributes as unknown as { perm: number[] };
      const inverse = perm.map((__, axis) => perm.indexOf(axis));
      return tf.transpose(one(dy), inverse);
    },
  }),
};

/** Each input takes its part of dy. */
const concat: tf.GradConfig = {
  kernelName: 'Concat',
  saveAllInputs: true,
  gradFunc: (dy, inputs, attributes) => {
    const [axis = 0] = tf.util.parseAxisParam(
      (attributes as unknown as { axis: number }).axis,
      one(dy).shape,
    );
    let from = 0;
    const parts = inputs.map(({ shape }) => {
      const begin = shape.map((_, place) => (place === axis ? from : 0));
      from += shape[axis] ?? 0;
      return () => tf.slice(one(dy), begin, shape);
    });
    // The parts of a list of inputs are asked for by their number.
    return Object.fromEntries(parts.entries());
  },
};

export const shapeGradients: tf.GradConfig[] = [sum, mean, reshape, identity, cast, transpose, concat];
