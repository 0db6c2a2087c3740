/**
 * Elementwise work over all weights in few dispatches: as many parameters in one as WebGPU's eight buffers allow. Each
 * workgroup takes a run of one parameter's elements.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ShaderInstance } from './instance.ts';
import { elementCount } from './kernel.ts';
import { type BufferAccess, MAX_STORAGE_BUFFERS, type ShaderProgram } from './program.ts';

const LANES = 256;
/** Elements of one workgroup. */
const RUN = LANES * 4;

export interface WeightsProgram {
  key: string;
  /** Buffers of one parameter. */
  buffers: readonly (readonly [name: string, access: BufferAccess])[];
  /** Numbers that all parameters share, f32. */
  uniforms: readonly string[];
  /** WGSL statements for element `i`; `at(name)` is that element of a buffer. */
  body: (at: (name: string) => string) => string;
}

/** Runs the program over every parameter; `parameters[k]` holds the tensors of one, in the order of its buffers. */
export function runOverWeights(
  instance: ShaderInstance,
  program: WeightsProgram,
  parameters: readonly (readonly TensorInfo[])[],
  numbers: readonly number[],
): void {
  const together = Math.max(1, Math.floor(MAX_STORAGE_BUFFERS / program.buffers.length));
  const filled = parameters.filter(([first]) => first && elementCount(first.shape) > 0);
  for (let start = 0; start < filled.length; start += together) {
    const members = filled.slice(start, start + together);
    const sizes = members.map(([first]) => elementCount(first?.shape ?? []));
    const workgroups = sizes.reduce((sum, size) => sum + Math.ceil(size / RUN), 0);
    instance.run(grouped(program, members.length), members.flat(), [...sizes, ...numbers], workgroups);
  }
}

function grouped({ key, buffers, uniforms, body }: WeightsProgram, count: number): ShaderProgram {
  const members = Array.from({ length: count }, (_, member) => member);
  return {
    key: `${key}, ${count} parameters`,
    buffers: members.flatMap((member) =>
      buffers.map(([name, access]) => ({ name: `${name}${member}`, access })),
    ),
    uniforms: [
      ...members.map((member) => [`size${member}`, 'i32'] as const),
      ...uniforms.map((name) => [name, 'f32'] as const),
    ],
    workgroupSize: LANES,
    code: () => `
fn run(group: i32, layer: i32, lane: i32) {
  var left = group;
${members
  .map(
    (member) => `
  let runs${member} = (u.size${member} + ${RUN - 1}) / ${RUN};
  if (left < runs${member}) {
    let end = min(u.size${member}, (left + 1) * ${RUN});
    for (var i = left * ${RUN} + lane; i < end; i += ${LANES}) {
      ${body((name) => `${name}${member}[i]`)}
    }
    return;
  }
  left -= runs${member};`,
  )
  .join('')}
}`,
  };
}
