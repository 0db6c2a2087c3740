/**
 * The gradients that the engine differentiates through, registered with TensorFlow.js once. They are our own: its
 * packages register theirs only through a deep import that Node cannot load beside the main entry, and ours never
 * transpose an activation to sum over it. Import this module wherever tensors are differentiated.
 */
import * as tf from '@tensorflow/tfjs-core';
import { elementwiseGradients } from './elementwise.ts';
import { gatherGradients } from './gather.ts';
import { layerGradients } from './layers.ts';
import { shapeGradients } from './shapes.ts';
import { windowGradients } from './windows.ts';

const ALL = [
  ...elementwiseGradients,
  ...gatherGradients,
  ...layerGradients,
  ...shapeGradients,
  ...windowGradients,
];

for (const config of ALL) {
  if (!tf.getGradient(config.kernelName)) tf.registerGradient(config);
}
