/**
 * A compute shader as our kernels write it: which buffers and numbers it takes, and its code. The declarations around
 * the code are made here, so that a kernel's file holds its arithmetic alone.
 */
export type BufferAccess = 'read' | 'read_write';

export interface BufferSlot {
  name: string;
  access: BufferAccess;
  /** `f32` unless said otherwise. */
  type?: 'f32' | 'i32';
}

export type UniformType = 'f32' | 'i32';

export interface ShaderProgram {
  /** Names the pipeline: two programs with one key are the same program. */
  key: string;
  /** Bindings in order; WebGPU promises eight. */
  buffers: readonly BufferSlot[];
  /** Numbers, read as `u.name`, in the order in which values are given. */
  uniforms: readonly (readonly [name: string, type: UniformType])[];
  /** Invocations of a workgroup, along x; WebGPU promises 256. */
  workgroupSize: number;
  /**
   * WGSL: functions and workgroup variables, and `fn run(group: i32, layer: i32, lane: i32)`, which each invocation
   * calls: `group` is the running number of its workgroup, `layer` the dispatch's z. The last groups of a large grid have
   * numbers past the count.
   */
  code: () => string;
}

/** What WebGPU promises of every device. */
export const MAX_STORAGE_BUFFERS = 8;
const MAX_WORKGROUPS = 65_535;

/** A number of workgroups as a grid that no dimension of is too long; the shader numbers them along x, then y. */
export function spread(count: number): [x: number, y: number] {
  if (count <= MAX_WORKGROUPS) return [Math.max(1, count), 1];
  const y = Math.ceil(count / MAX_WORKGROUPS);
  return [Math.ceil(count / y), y];
}

export function shaderSource({ buffers, uniforms, workgroupSize, code }: ShaderProgram): string {
  const slots = buffers.map(
    ({ name, access, type = 'f32' }, index) =>
      `@group(0) @binding(${index}) var<storage, ${access}> ${name}: array<${type}>;`,
  );
  return `
${slots.join('\n')}
struct Numbers { ${uniforms.map(([name, type]) => `${name}: ${type}`).join(', ')} }
@group(0) @binding(${buffers.length}) var<uniform> u: Numbers;
${code()}
@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  run(i32(group.y * groups.x + group.x), i32(group.z), i32(lane));
}`;
}

/** Sums `workspace[0 .. size)` by halves into its first entry; every lane must call it. `size` is a power of two. */
export function treeSum(name: string, workspace: string, size: number): string {
  return `
fn ${name}(lane: i32) {
  for (var reach = ${size / 2}; reach > 0; reach = reach / 2) {
    workgroupBarrier();
    if (lane < reach) { ${workspace}[lane] += ${workspace}[lane + reach]; }
  }
  workgroupBarrier();
}`;
}
