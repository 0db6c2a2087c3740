/**
 * Every parameter of Backdoors 101 (commit 9f48fbb) with its type, its default there, and what becomes of it here.
 * `to`: honoured, kept at this path of an experiment. `unsupported`: answered with a warning, unless the value is one
 * of `idle`, with which their code does nothing either.
 */
export type Backdoors101Type =
  | 'boolean'
  | 'integer'
  | 'number'
  | 'text'
  | 'texts'
  | 'integers'
  | 'scales'
  | 'any';

interface KeyBase {
  type: Backdoors101Type;
  /** Their default; null is none. */
  default: unknown;
}
interface Honoured extends KeyBase {
  /** Dotted path of the experiment that holds it. */
  to: string;
  /** Values beside null that mean none there. */
  none?: unknown[];
}
interface Unsupported extends KeyBase {
  unsupported: { why: string; fix: string };
  idle: unknown[];
}
export type Backdoors101Key = Honoured | Unsupported;

const honoured = (type: Backdoors101Type, value: unknown, to: string): Honoured => ({
  type,
  default: value,
  to,
});

const warned = (
  type: Backdoors101Type,
  value: unknown,
  why: string,
  fix: string,
  idle: unknown[] = [],
): Unsupported => ({ type, default: value, unsupported: { why, fix }, idle: [null, value, ...idle] });

const NOTHING = 'Nothing to do.';
const UNUSED = 'Backdoors 101 declares this key and never reads it.';
const RECORDED = 'The lab always records it.';

/** Their keys, in the order of their documentation. */
export const BACKDOORS_101_KEYS: Readonly<Record<string, Backdoors101Key>> = {
  task: honoured('text', 'MNIST', 'task.dataset'),
  synthesizer: honoured('text', 'pattern', 'attack.synthesizer'),
  name: honoured('text', null, 'name'),
  commit: warned('any', null, 'Their code only records it.', NOTHING),
  current_time: warned('any', null, 'A run here carries its own time.', NOTHING),
  random_seed: honoured('integer', null, 'seed'),
  start_epoch: honoured('integer', 1, 'training.start_epoch'),
  epochs: honoured('integer', null, 'training.epochs'),
  log_interval: honoured('integer', 1000, 'evaluation.live_every'),
  pretrained: honoured('boolean', false, 'task.weights'),
  resume_model: { ...honoured('text', null, 'task.weights_file'), none: [false, ''] },
  lr: honoured('number', null, 'training.optimizer.learning_rate'),
  decay: honoured('number', null, 'training.optimizer.weight_decay'),
  momentum: honoured('number', null, 'training.optimizer.momentum'),
  optimizer: honoured('text', null, 'training.optimizer'),
  scheduler: honoured('boolean', false, 'training.schedule'),
  scheduler_milestones: warned('integers', null, UNUSED, 'Use scheduler: true for a cosine schedule.', [[]]),
  data_path: warned('text', '.data/', 'The lab keeps its own data, prepared at set-up.', NOTHING),
  batch_size: honoured('integer', 64, 'training.batch_size'),
  test_batch_size: honoured('integer', 100, 'evaluation.batch_size'),
  transform_train: honoured('boolean', true, 'training.augmentation.flip'),
  max_batch_id: honoured('integer', null, 'training.max_batches'),
  input_shape: warned('any', null, 'The task sets it, there and here.', NOTHING),
  dp: honoured('boolean', null, 'training.privacy'),
  dp_clip: honoured('number', null, 'training.privacy.clip'),
  dp_sigma: honoured('number', null, 'training.privacy.sigma'),
  backdoor: honoured('boolean', false, 'attack.enabled'),
  backdoor_label: honoured('integer', 8, 'attack.label.target'),
  poisoning_proportion: honoured('number', 1, 'attack.injection.proportion'),
  backdoor_dynamic_position: honoured('boolean', false, 'attack.synthesizer.placement'),
  loss_tasks: honoured('texts', null, 'attack.injection.objectives'),
  loss_balance: honoured('text', 'MGDA', 'attack.injection.balancer'),
  loss_threshold: honoured('number', null, 'attack.injection.loss_threshold'),
  mgda_normalize: honoured('text', null, 'attack.injection.balancer.normalize'),
  fixed_scales: honoured('scales', null, 'attack.injection.balancer.scales'),
  poison_images: honoured('integers', null, 'attack.synthesizer.train'),
  poison_images_test: honoured('integers', null, 'attack.synthesizer.test'),
  alternating_attack: warned('number', null, UNUSED, NOTHING, [false]),
  switch_to_eval: warned('number', null, UNUSED, NOTHING, [false]),
  clip_batch: honoured('integer', null, 'attack.injection.clip_batch'),
  nc_p_norm: honoured('integer', 1, 'attack.evasions.neural_cleanse.p'),
  spectral_similarity: honoured('text', 'norm', 'attack.evasions.spectral_evasion.similarity'),
  report_train_loss: warned('boolean', true, 'The losses of each step are always recorded here.', NOTHING),
  log: warned('boolean', false, RECORDED, 'Export the run as JSON, CSV or YAML.'),
  tb: warned(
    'boolean',
    false,
    'There is no TensorBoard; the charts show the same series.',
    'Export the run as CSV.',
  ),
  save_model: warned(
    'boolean',
    false,
    'Checkpoints are kept anyway.',
    'Export the model when the run is done.',
  ),
  save_on_epochs: warned(
    'integers',
    null,
    'Only the latest checkpoint is kept.',
    'Export the model when the run is at the epoch that you want.',
    [[]],
  ),
  save_scale_values: warned('boolean', false, RECORDED, NOTHING),
  print_memory_consumption: warned('boolean', false, 'The status bar shows it while the run is on.', NOTHING),
  save_timing: warned('boolean', false, 'The time of each step is always recorded.', NOTHING),
  fl: honoured('boolean', false, 'federated.enabled'),
  fl_no_models: honoured('integer', 100, 'federated.per_round'),
  fl_local_epochs: honoured('integer', 2, 'federated.local_epochs'),
  fl_total_participants: honoured('integer', 80000, 'federated.clients'),
  fl_eta: honoured('number', 1, 'federated.server_rate'),
  fl_sample_dirichlet: honoured('boolean', false, 'federated.split'),
  fl_dirichlet_alpha: honoured('number', null, 'federated.split.alpha'),
  fl_diff_privacy: honoured('boolean', false, 'federated.aggregator'),
  fl_dp_clip: { ...honoured('number', null, 'federated.aggregator.bound'), none: [false] },
  fl_dp_noise: { ...honoured('number', null, 'federated.aggregator.noise'), none: [false] },
  fl_number_of_adversaries: honoured('integer', 0, 'federated.compromised.clients'),
  fl_single_epoch_attack: { ...honoured('integer', null, 'federated.compromised.rounds'), none: [false] },
  fl_weight_scale: honoured('number', 1, 'federated.compromised.scale'),
};

/** One of their keys by name; null when they have none such. */
export function backdoors101Key(name: string): Backdoors101Key | null {
  return Object.hasOwn(BACKDOORS_101_KEYS, name) ? (BACKDOORS_101_KEYS[name] ?? null) : null;
}

/** Where one of their keys is kept in the lab's own format; null for an unknown or unsupported one. */
export function labKeyFor(name: string): string | null {
  const key = backdoors101Key(name);
  return key !== null && 'to' in key ? key.to : null;
}
