import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ShaderInstance } from './instance.ts';
import { type ShaderProgram, treeSum } from './program.ts';

const LANES = 32;

/** A workgroup a row: largest logit, sum of exponentials, loss and gradient. */
const program: ShaderProgram = {
  key: 'softmax cross-entropy',
  buffers: [
    { name: 'logits', access: 'read' },
    { name: 'labels', access: 'read', type: 'i32' },
    { name: 'loss', access: 'read_write' },
    { name: 'gradient', access: 'read_write' },
  ],
  uniforms: [
    ['rows', 'i32'],
    ['classes', 'i32'],
    ['notANumber', 'f32'],
  ],
  workgroupSize: LANES,
  code: () => `
var<workgroup> parts: array<f32, ${LANES}>;
${treeSum('addUp', 'parts', LANES)}
fn run(row: i32, layer: i32, lane: i32) {
  if (row >= u.rows) { return; }
  let first = row * u.classes;
  // Every lane looks for the largest itself: the row is short, and one barrier less is worth more.
  var highest = logits[first];
  for (var j = 1; j < u.classes; j++) { highest = max(highest, logits[first + j]); }
  var sum = 0.0;
  for (var j = lane; j < u.classes; j += ${LANES}) { sum += exp(logits[first + j] - highest); }
  parts[lane] = sum;
  addUp(lane);
  let total = parts[0];
  let label = labels[row];
  for (var j = lane; j < u.classes; j += ${LANES}) {
    gradient[first + j] = exp(logits[first + j] - highest) / total - select(0.0, 1.0, j == label);
  }
  if (lane == 0) {
    let known = label >= 0 && label < u.classes;
    let wanted = logits[first + clamp(label, 0, u.classes - 1)];
    loss[row] = select(u.notANumber, log(total) + (highest - wanted), known);
  }
}`,
};

export function softmaxCrossEntropyInto(
  instance: ShaderInstance,
  tensors: { logits: TensorInfo; labels: TensorInfo; loss: TensorInfo; gradient: TensorInfo },
): void {
  const [rows = 0, classes = 0] = tensors.logits.shape;
  const { logits, labels, loss, gradient } = tensors;
  instance.run(program, [logits, labels, loss, gradient], [rows, classes, NaN], rows);
}
