/**
 * Losses and inner products of all pairs of gradients, over all parameters, in one small tensor: one read-back a step.
 * Each workgroup adds up its part of one parameter for every pair at once, reading each gradient once; a last
 * dispatch joins the parts, always in one order.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ShaderInstance } from './instance.ts';
import { elementCount } from './kernel.ts';
import { MAX_STORAGE_BUFFERS, type ShaderProgram, treeSum } from './program.ts';

const LANES = 256;
/** Workgroups for one parameter, and the least elements that are worth one. */
const MOST_PARTS = 256;
const LEAST_ELEMENTS = LANES * 8;

/** With more objectives, the losses and the sums do not fit eight buffers. */
export const MOST_OBJECTIVES = MAX_STORAGE_BUFFERS - 2;

function pairsOf(objectives: number): [number, number][] {
  return Array.from({ length: objectives }, (_, row) => row).flatMap((row) =>
    Array.from({ length: objectives - row }, (_, offset): [number, number] => [row, row + offset]),
  );
}

const partsFor = (size: number) => Math.min(MOST_PARTS, Math.ceil(size / LEAST_ELEMENTS));

function partialProducts(objectives: number, parameters: number): ShaderProgram {
  const pairs = pairsOf(objectives);
  const members = Array.from({ length: parameters }, (_, member) => member);
  const tasks = Array.from({ length: objectives }, (_, task) => task);
  const loop = (member: number) => `
    for (var i = left * ${LANES} + lane; i < u.size${member}; i += u.parts${member} * ${LANES}) {
${tasks.map((task) => `      let g${task} = gradient${task}_${member}[i];`).join('\n')}
${pairs.map(([a, b], pair) => `      sum${pair} += g${a} * g${b};`).join('\n')}
    }`;
  return {
    key: `inner products of ${objectives} gradients, ${parameters} parameters`,
    buffers: [
      ...members.flatMap((member) =>
        tasks.map((task) => ({ name: `gradient${task}_${member}`, access: 'read' as const })),
      ),
      { name: 'parts', access: 'read_write' },
    ],
    uniforms: [
      ...members.flatMap((member) => [[`size${member}`, 'i32'] as const, [`parts${member}`, 'i32'] as const]),
      ['first', 'i32'],
      ['count', 'i32'],
    ],
    workgroupSize: LANES,
    code: () => `
var<workgroup> lanes: array<f32, ${LANES}>;
${treeSum('addUp', 'lanes', LANES)}
fn run(group: i32, layer: i32, lane: i32) {
  if (group >= u.count) { return; }
  var left = group;
${pairs.map((_, pair) => `  var sum${pair} = 0.0;`).join('\n')}
  ${members
    .map(
      (member) =>
        `if (left >= 0 && left < u.parts${member}) { ${loop(member)}
  }
  left -= u.parts${member};`,
    )
    .join('\n  ')}
${pairs
  .map(
    (_, pair) => `
  lanes[lane] = sum${pair};
  addUp(lane);
  if (lane == 0) { parts[(u.first + group) * ${pairs.length} + ${pair}] = lanes[0]; }
  workgroupBarrier();`,
  )
  .join('')}
}`,
  };
}

function joinParts(objectives: number): ShaderProgram {
  const pairs = pairsOf(objectives).length;
  const tasks = Array.from({ length: objectives }, (_, task) => task);
  return {
    key: `losses and inner products of ${objectives} gradients`,
    buffers: [
      { name: 'parts', access: 'read' },
      ...tasks.map((task) => ({ name: `loss${task}`, access: 'read' as const })),
      { name: 'result', access: 'read_write' },
    ],
    uniforms: [['count', 'i32']],
    workgroupSize: LANES,
    code: () => `
var<workgroup> lanes: array<f32, ${LANES}>;
${treeSum('addUp', 'lanes', LANES)}
fn run(group: i32, layer: i32, lane: i32) {
  for (var pair = 0; pair < ${pairs}; pair++) {
    var sum = 0.0;
    for (var part = lane; part < u.count; part += ${LANES}) { sum += parts[part * ${pairs} + pair]; }
    lanes[lane] = sum;
    addUp(lane);
    if (lane == 0) { result[${objectives} + pair] = lanes[0]; }
    workgroupBarrier();
  }
  if (lane == 0) {
${tasks.map((task) => `    result[${task}] = loss${task}[0];`).join('\n')}
  }
}`,
  };
}

/**
 * @param losses a scalar for each objective, at most `MOST_OBJECTIVES`
 * @param gradients a list for each objective, one tensor for each parameter
 * @returns [losses..., (0, 0), (0, 1), ..., (1, 1), ...]
 */
export function lossesAndProducts(
  instance: ShaderInstance,
  losses: readonly TensorInfo[],
  gradients: readonly (readonly TensorInfo[])[],
): TensorInfo {
  const objectives = gradients.length;
  const pairs = pairsOf(objectives).length;
  const [first = []] = gradients;
  const indices = first.flatMap(({ shape }, index) => (elementCount(shape) > 0 ? [index] : []));
  const sizes = indices.map((index) => elementCount(first[index]?.shape ?? []));
  const counts = sizes.map(partsFor);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const parts = instance.output([Math.max(1, total), pairs]);
  const together = Math.floor((MAX_STORAGE_BUFFERS - 1) / objectives);
  let done = 0;
  for (let start = 0; start < indices.length; start += together) {
    const members = indices.slice(start, start + together);
    const tensors = members.flatMap((index) => gradients.flatMap((gradient) => gradient[index] ?? []));
    const extents = members.flatMap((_, k) => [sizes[start + k] ?? 0, counts[start + k] ?? 0]);
    const count = members.reduce((sum, _, k) => sum + (counts[start + k] ?? 0), 0);
    const program = partialProducts(objectives, members.length);
    instance.run(program, [...tensors, parts], [...extents, done, count], count);
    done += count;
  }
  const result = instance.output([objectives + pairs]);
  instance.run(joinParts(objectives), [parts, ...losses, result], [total], 1);
  instance.release(parts);
  return result;
}
