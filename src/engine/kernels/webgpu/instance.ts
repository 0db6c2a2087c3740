/**
 * Our shaders bound to one webgpu backend. They are recorded into the backend's own command encoder, between its own
 * kernels, and work on its tensors' buffers; unlike `runWebGPUProgram` this allows several outputs and changes in place.
 */
import { engine, env, type Tensor, type TensorInfo, Variable, mul, tidy, util } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { LabError } from '../../../core/errors.ts';
import { shaderSource, type ShaderProgram, spread } from './program.ts';

/** What we use of the backend beyond its published types (@tensorflow/tfjs-backend-webgpu 4.22). */
interface Recorder {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
  makeUniforms(values: { type: string; data: number[] }[]): GPUBufferBinding;
}

const RECORDER_FIELDS = [
  'commandEncoder',
  'computePassEncoder',
  'commandQueueOwnedIds',
  'dispatchCountInPass',
  'makeUniforms',
] as const satisfies readonly (keyof Recorder)[];

interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

export class ShaderInstance {
  private readonly recorder: Recorder;
  private readonly pipelines = new Map<string, Pipeline>();
  private dispatched = 0;

  /** @throws LabError E-BACKEND for a version of the backend that keeps its commands elsewhere */
  constructor(readonly backend: WebGPUBackend) {
    const missing = RECORDER_FIELDS.filter((field) => !(field in backend));
    if (missing.length > 0) {
      throw new LabError({
        code: 'E-BACKEND',
        what: 'The commands of the webgpu backend were not found.',
        why: `This version of TensorFlow.js has no ${missing.join(', ')}.`,
        fix: 'Use the version of @tensorflow/tfjs-backend-webgpu that package.json names.',
      });
    }
    this.recorder = backend as unknown as Recorder;
  }

  /** Dispatches recorded so far. */
  get dispatches(): number {
    return this.dispatched;
  }

  /**
   * Records one dispatch of `workgroups` workgroups, `layers` times along z.
   * @param tensors one for each of the program's buffers; none may be empty
   * @param numbers one for each of the program's uniforms
   */
  run(
    program: ShaderProgram,
    tensors: readonly TensorInfo[],
    numbers: readonly number[],
    workgroups: number,
    layers = 1,
  ): void {
    const { backend, recorder } = this;
    const { pipeline, layout } = this.pipeline(program);
    const entries = tensors.map((tensor, binding) => ({
      binding,
      resource: { buffer: this.buffer(tensor) },
    }));
    const uniforms = recorder.makeUniforms(
      program.uniforms.map(([, type], index) => ({
        type: type === 'f32' ? 'float32' : 'int32',
        data: [numbers[index] ?? 0],
      })),
    );
    const bindGroup = backend.device.createBindGroup({
      layout,
      entries: [...entries, { binding: tensors.length, resource: uniforms }],
    });
    for (const { dataId } of tensors) recorder.commandQueueOwnedIds.add(dataId);
    backend.ensureCommandEncoderReady();
    recorder.computePassEncoder ??= recorder.commandEncoder?.beginComputePass() ?? null;
    recorder.computePassEncoder?.setPipeline(pipeline);
    recorder.computePassEncoder?.setBindGroup(0, bindGroup);
    recorder.computePassEncoder?.dispatchWorkgroups(...spread(workgroups), layers);
    this.dispatched += 1;
    recorder.dispatchCountInPass += 1;
    if (recorder.dispatchCountInPass >= env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
      backend.endComputePassEncoder();
      backend.submitQueue();
    }
  }

  /** A new float32 tensor; its values are whatever was in memory. */
  output(shape: readonly number[]): TensorInfo {
    // Without elements there is no buffer, and no dispatch that would write it.
    const values = util.sizeFromShape([...shape]) === 0 ? new Float32Array() : undefined;
    return this.backend.makeTensorInfo([...shape], 'float32', values);
  }

  /** The same as a tensor that the current scope owns. */
  outputTensor<T extends Tensor>(shape: readonly number[]): T {
    return engine().makeTensorFromTensorInfo(this.output(shape), this.backend) as T;
  }

  release(tensor: TensorInfo): void {
    this.backend.disposeData(tensor.dataId);
  }

  /**
   * A tensor that is about to change in place. A variable whose data another tensor shares (a clone, a reshape, its
   * initial value) gets a copy of its own first, so that the other keeps its values.
   * @throws LabError E-INTERNAL for shared data of a tensor that is not a variable
   */
  own(tensor: Tensor): Tensor {
    this.assertHere(tensor);
    if (this.backend.refCount(tensor.dataId) > 1) {
      if (!(tensor instanceof Variable)) {
        throw new LabError({
          code: 'E-INTERNAL',
          what: 'A tensor that shares its data was to be changed in place.',
          why: 'Whatever shares the data (a clone, a reshape) would change with it.',
          fix: 'Change a variable instead, or a tensor that nothing shares.',
        });
      }
      tidy(() => tensor.assign(mul(tensor, 1)));
    }
    this.backend.uploadToGPU(tensor.dataId);
    // The backend remembers values that were read back, and would go on giving them.
    this.backend.tensorMap.get(tensor.dataId).values = null as unknown as Float32Array;
    return tensor;
  }

  private buffer(tensor: TensorInfo): GPUBuffer {
    this.assertHere(tensor);
    this.backend.uploadToGPU(tensor.dataId);
    return this.backend.tensorMap.get(tensor.dataId).resource as GPUBuffer;
  }

  private assertHere(tensor: TensorInfo): void {
    if (this.backend.tensorMap.has(tensor.dataId)) return;
    throw new LabError({
      code: 'E-BACKEND',
      what: 'A tensor is not in the memory of the webgpu backend.',
      why: 'It was made on another backend, or has been disposed.',
      fix: 'Make the tensor while the webgpu backend is the current one.',
    });
  }

  private pipeline(program: ShaderProgram): Pipeline {
    const known = this.pipelines.get(program.key);
    if (known) return known;
    const { device } = this.backend;
    const { buffers, key: label } = program;
    const layout = device.createBindGroupLayout({
      label,
      entries: [
        ...buffers.map(({ access }, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
        })),
        {
          binding: buffers.length,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: 'uniform' as const },
        },
      ],
    });
    const pipeline = device.createComputePipeline({
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: {
        module: device.createShaderModule({ label, code: shaderSource(program) }),
        entryPoint: 'main',
      },
    });
    const made = { pipeline, layout };
    this.pipelines.set(program.key, made);
    return made;
  }
}
