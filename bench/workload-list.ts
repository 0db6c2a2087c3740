/** What is timed. Names are the keys of the JSON report; each stands for the same work in every contestant. */

export const BATCH = 64;
export const EVALUATION_IMAGES = 1000;

export interface WorkloadInfo {
  /** One line for people. */
  title: string;
  /** False: only when it is asked for by name, because it takes minutes. */
  usual: boolean;
}

export const WORKLOADS = {
  simplenet_step: { title: 'SimpleNet training step, SGD', usual: true },
  simplenet_adam_step: { title: 'SimpleNet training step, Adam', usual: true },
  simplenet_eval: { title: 'SimpleNet evaluation, 1,000 images', usual: true },
  mgda_step: { title: 'MGDA step, two tasks', usual: true },
  nc_step: { title: 'Neural Cleanse step', usual: true },
  resnet18_step: { title: 'ResNet-18 (CIFAR) training step, SGD', usual: true },
  matmul_512: { title: 'Matrix product 512 x 512 x 512', usual: true },
  conv5_forward: { title: 'Convolution 5x5, 12x12x20 to 8x8x50', usual: true },
  conv5_input_gradient: { title: 'the same, gradient of its input', usual: true },
  conv5_filter_gradient: { title: 'the same, gradient of its filter', usual: true },
  conv3_forward: { title: 'Convolution 3x3, 16x16x128 to 16x16x128', usual: true },
  conv3_input_gradient: { title: 'the same, gradient of its input', usual: true },
  conv3_filter_gradient: { title: 'the same, gradient of its filter', usual: true },
  dp_step: { title: 'SimpleNet step of DP-SGD: gradients of examples clipped, noise added', usual: false },
  nc_labels: { title: 'Neural Cleanse, four labels a step, side by side', usual: false },
  federated_round: { title: 'Federated round, four clients of SimpleNet', usual: false },
  federated_2: { title: 'the same, two clients', usual: false },
  federated_8: { title: 'the same, eight clients', usual: false },
  federated_16: { title: 'the same, sixteen clients', usual: false },
  federated_few: { title: 'Federated round, ten of ten clients', usual: false },
  federated_many: { title: 'Federated round, ten of 1,000 clients, of the same examples', usual: false },
  epoch: { title: 'Epoch of configs/mnist_params.yaml with its evaluation', usual: false },
  parallel: { title: 'The shared workloads on one thread and on several', usual: false },
  federated: { title: 'Federated rounds: time by clients a round, memory by clients in all', usual: false },
  long: { title: '5,000 MGDA steps: does memory stay flat?', usual: false },
} as const satisfies Record<string, WorkloadInfo>;

export type WorkloadName = keyof typeof WORKLOADS;

export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as WorkloadName[];

/** They have a course of their own. */
const COURSES = ['epoch', 'parallel', 'federated', 'long'] as const;

/** Those that are timed step by step. */
export type StepName = Exclude<WorkloadName, (typeof COURSES)[number]>;

export function isStep(name: WorkloadName): name is StepName {
  return !(COURSES as readonly WorkloadName[]).includes(name);
}

/** Short names for several workloads, as `--only` takes them. */
export const GROUPS: Readonly<Record<string, readonly WorkloadName[]>> = {
  steps: WORKLOAD_NAMES.filter(
    (name) => WORKLOADS[name].usual && (name.endsWith('_step') || name === 'simplenet_eval'),
  ),
  kernels: WORKLOAD_NAMES.filter((name) => /^(matmul|conv)/.test(name)),
};
