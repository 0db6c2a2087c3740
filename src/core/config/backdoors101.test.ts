import { describe, expect, it } from 'vitest';
import { fromBackdoors101, isBackdoors101 } from './backdoors101.ts';
import { BACKDOORS_101_KEYS, labKeyFor, type Backdoors101Key } from './backdoors101-keys.ts';
import { ConfigError } from './problem.ts';
import { allPaths } from './walk.ts';

/** What a document needs so that nothing is assumed. */
const base = {
  task: 'MNIST',
  random_seed: 3,
  epochs: 5,
  optimizer: 'SGD',
  lr: 0.1,
  loss_tasks: ['backdoor', 'normal'],
};

const adapt = (document: Record<string, unknown>) => fromBackdoors101({ ...base, ...document });

function errorOf(document: Record<string, unknown>): ConfigError {
  try {
    adapt(document);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown;
    throw thrown;
  }
  throw new Error('no error');
}

/** A value that is not the default, so that ignoring the key would show. */
const CHANGED: Record<string, unknown> = {
  task: 'mnist',
  synthesizer: 'SinglePixel',
  name: 'mine',
  random_seed: 77,
  start_epoch: 3,
  epochs: 9,
  log_interval: 7,
  lr: 0.3,
  decay: 0.2,
  momentum: 0.4,
  optimizer: 'Adam',
  scheduler: true,
  batch_size: 32,
  test_batch_size: 50,
  transform_train: false,
  max_batch_id: 4,
  backdoor: true,
  backdoor_label: 2,
  poisoning_proportion: 0.5,
  backdoor_dynamic_position: true,
  loss_tasks: ['normal', 'backdoor'],
  loss_balance: 'fixed',
  loss_threshold: 0.7,
  mgda_normalize: 'loss+',
  fixed_scales: { normal: 0.9, backdoor: 0.1 },
  clip_batch: 16,
  pretrained: true,
  resume_model: 'saved_models/model.safetensors',
  poison_images: [3, 4],
  poison_images_test: [5],
  nc_p_norm: 2,
  spectral_similarity: 'cosine',
  fl_total_participants: 500,
};

function changedValue(name: string, key: Backdoors101Key): unknown {
  if (name in CHANGED) return CHANGED[name];
  return {
    boolean: key.default !== true,
    integer: 7,
    number: 0.7,
    text: 'other',
    texts: ['x'],
    integers: [1],
    scales: { a: 1 },
    any: 'x',
  }[key.type];
}

/** These need another key to matter, or change nothing on MNIST there either. */
const NEEDS: Record<string, Record<string, unknown>> = {
  fixed_scales: { loss_balance: 'fixed', backdoor: true },
  transform_train: { task: 'Cifar10' },
  poison_images: { task: 'Cifar10', poison_images_test: [9] },
  poison_images_test: { task: 'Cifar10', poison_images: [9] },
  dp: { dp_clip: 1, dp_sigma: 0.1 },
  dp_clip: { dp: true, dp_sigma: 0.1 },
  dp_sigma: { dp: true, dp_clip: 1 },
  fl_no_models: { fl: true },
  fl_local_epochs: { fl: true },
  fl_total_participants: { fl: true },
  fl_eta: { fl: true },
  fl_sample_dirichlet: { fl: true, fl_dirichlet_alpha: 0.9 },
  fl_dirichlet_alpha: { fl: true, fl_sample_dirichlet: true },
  fl_diff_privacy: { fl: true, fl_dp_clip: 1, fl_dp_noise: 0.1 },
  fl_dp_clip: { fl: true, fl_diff_privacy: true, fl_dp_noise: 0.1 },
  fl_dp_noise: { fl: true, fl_diff_privacy: true, fl_dp_clip: 1 },
  fl_number_of_adversaries: { fl: true },
  fl_single_epoch_attack: { fl: true, fl_number_of_adversaries: 1 },
  fl_weight_scale: { fl: true },
};
const SAME = ['task'];

/** What stands in the document that is compared with, where theirs has no default. */
const GIVEN: Record<string, Record<string, unknown>> = {
  fl_dirichlet_alpha: { fl_dirichlet_alpha: 0.2 },
  dp_clip: { dp_clip: 3 },
  dp_sigma: { dp_sigma: 0.2 },
  fl_dp_clip: { fl_dp_clip: 3 },
  fl_dp_noise: { fl_dp_noise: 0.2 },
};

describe('every key of Backdoors 101', () => {
  it('is in the table once: 63 of them', () => {
    expect(Object.keys(BACKDOORS_101_KEYS)).toHaveLength(63);
  });

  it.each(Object.entries(BACKDOORS_101_KEYS))('%s is honoured or answered with a warning', (name, key) => {
    const without = adapt({
      ...GIVEN[name],
      ...(name === 'fixed_scales' ? { fixed_scales: { normal: 1, backdoor: 1 } } : {}),
      ...NEEDS[name],
    });
    const changed = adapt({ ...NEEDS[name], [name]: changedValue(name, key) });
    const warned = changed.warnings.filter(({ where }) => where === name);
    if ('unsupported' in key) {
      expect(labKeyFor(name)).toBeNull();
      expect(warned).toMatchObject([{ code: 'E-CONFIG-KEY', path: [name] }]);
      expect(warned[0]?.why).not.toBe('');
      expect(changed.config).toEqual(without.config);
      expect(adapt({ [name]: key.default }).warnings).toEqual([]);
    } else {
      expect(warned).toEqual([]);
      expect(allPaths()).toContain(key.to);
      if (!SAME.includes(name)) expect(changed.config).not.toEqual(without.config);
    }
  });

  it('that is unknown is refused by name with the nearest', () => {
    expect(errorOf({ loss_taks: ['normal'] })).toMatchObject({
      code: 'E-CONFIG-KEY',
      where: 'loss_taks',
      fix: 'Did you mean loss_tasks?',
    });
  });
});

describe('the experiment that it describes', () => {
  it('follows the defaults of Backdoors 101, not ours', () => {
    const { config, warnings } = fromBackdoors101({ backdoor: true });
    expect(config.training).toMatchObject({
      batch_size: 64,
      start_epoch: 1,
      max_batches: null,
      schedule: 'constant',
      optimizer: { kind: 'sgd', momentum: 0, weight_decay: 0 },
    });
    expect(config.evaluation).toMatchObject({ batch_size: 100, live_every: 1000 });
    expect(config.attack).toMatchObject({
      enabled: true,
      synthesizer: { kind: 'pattern', placement: { kind: 'fixed', row: 3, column: 23 } },
      label: { kind: 'one_target', target: 8 },
      injection: {
        kind: 'loss',
        proportion: 1,
        balancer: { kind: 'mgda', normalize: 'none' },
        loss_threshold: null,
      },
    });
    expect(warnings.map(({ where }) => where)).toEqual([
      'random_seed',
      'epochs',
      'optimizer',
      'lr',
      'loss_tasks',
    ]);
    expect(fromBackdoors101({ lr: 1 }).config.attack.enabled).toBe(false);
  });

  it('ends each epoch after the batch with that index', () => {
    expect(adapt({ max_batch_id: 0 }).config.training.max_batches).toBe(1);
    expect(adapt({ max_batch_id: 9 }).config.training.max_batches).toBe(10);
  });

  it('reads optimizers, schedule and single pixel', () => {
    const { config, warnings } = adapt({
      optimizer: 'Adam',
      decay: 0.01,
      momentum: 0.9,
      scheduler: true,
      synthesizer: 'SinglePixel',
      lr: 0.002,
    });
    expect(config.training.optimizer).toMatchObject({
      kind: 'adam',
      learning_rate: 0.002,
      weight_decay: 0.01,
      beta1: 0.9,
    });
    expect(config.training.schedule).toBe('cosine');
    expect(config.attack.synthesizer).toMatchObject({
      kind: 'single_pixel',
      value: 1,
      placement: { row: 3, column: 23 },
    });
    expect(warnings.map(({ where }) => where)).toEqual(['momentum']);
  });

  it('moves the trigger for each batch on demand', () => {
    expect(adapt({ backdoor_dynamic_position: true }).config.attack.synthesizer).toHaveProperty('placement', {
      kind: 'random',
      per: 'batch',
      min_size: 5,
      max_size: 10,
      flip: true,
    });
  });

  it('balances with fixed scales, and needs one for each loss', () => {
    const fixed = { backdoor: true, loss_balance: 'fixed' };
    expect(
      adapt({ ...fixed, fixed_scales: { normal: 0.8, backdoor: 0.2 } }).config.attack.injection,
    ).toMatchObject({
      balancer: { kind: 'fixed', scales: { normal: 0.8, backdoor: 0.2 } },
    });
    expect(errorOf({ ...fixed, fixed_scales: { normal: 1 } })).toMatchObject({ where: 'fixed_scales' });
    expect(errorOf(fixed).where).toBe('fixed_scales');
    expect(adapt({ ...fixed, loss_tasks: ['normal'] }).config.attack.enabled).toBe(true);
    expect(adapt({ loss_balance: 'fixed' }).config.attack.enabled).toBe(false);
  });

  it('poisons at most everything', () => {
    const { config, warnings } = adapt({ poisoning_proportion: 1.1 });
    expect(config.attack.injection).toMatchObject({ proportion: 1 });
    expect(warnings).toMatchObject([{ where: 'poisoning_proportion' }]);
  });

  it('takes evasions and their keys, and leaves out what is a part of one', () => {
    const { config, warnings } = adapt({
      backdoor: true,
      loss_tasks: ['backdoor', 'normal', 'neural_cleanse', 'spectral_evasion', 'mask_norm'],
      nc_p_norm: 2,
      spectral_similarity: 'cosine',
    });
    expect(config.attack.injection).toMatchObject({ objectives: ['backdoor', 'normal'] });
    expect(config.attack.evasions).toMatchObject({
      neural_cleanse: { enabled: true, p: 2 },
      sentinet_evasion: { enabled: false },
      spectral_evasion: { enabled: true, similarity: 'cosine', inputs: 'clean' },
    });
    expect(warnings.map(({ what }) => what)).toEqual(['loss_tasks: mask_norm is left out.']);
    expect(() => adapt({ spectral_similarity: 'angle' })).toThrow(/spectral_similarity.*norm, cosine/);
  });

  it('warns of an attack without a backdoor loss', () => {
    const { config, warnings } = adapt({ backdoor: true, loss_tasks: ['normal'] });
    expect(config.attack).toMatchObject({ enabled: true, injection: { objectives: ['normal'] } });
    expect(warnings).toMatchObject([{ where: 'loss_tasks' }]);
  });

  it('takes the switches of YAML 1.1, as PyYAML does', () => {
    expect(adapt({ backdoor: 'yes', scheduler: 'Off' }).config).toMatchObject({
      attack: { enabled: true },
      training: { schedule: 'constant' },
    });
  });
});

describe('a value that cannot be honoured', () => {
  it.each([
    [{ task: 'MNST' }, 'task', "there is no task 'MNST'"],
    [{ synthesizer: 'Complex' }, 'synthesizer', 'is not one of Pattern, SinglePixel'],
    [{ synthesizer: 'Physical' }, 'synthesizer', 'is not one of Pattern, SinglePixel'],
    [{ optimizer: 'RMSprop' }, 'optimizer', 'is not one of SGD, Adam'],
    [{ lr: '0.1' }, 'lr', 'the text "0.1" is not a number'],
    [{ lr: 0 }, 'lr', '0 is too small'],
    [{ epochs: 2.5 }, 'epochs', '2.5 is not a whole number'],
    [{ epochs: 1e20 }, 'epochs', '100000000000000000000 is too large'],
    [{ lr: Infinity }, 'lr', 'Infinity is not a finite number'],
    [{ epochs: true }, 'epochs', 'true is not a whole number'],
    [{ start_epoch: 9 }, 'start_epoch', 'lies after the last one'],
    [{ batch_size: 0 }, 'batch_size', '0 is too small'],
    [{ max_batch_id: -1 }, 'max_batch_id', '-1 is too small'],
    [{ random_seed: -1 }, 'random_seed', '-1 is too small'],
    [{ backdoor: 1 }, 'backdoor', '1 is not true or false'],
    [{ backdoor_label: -2 }, 'backdoor_label', '-2 is too small'],
    [{ poisoning_proportion: -0.5 }, 'poisoning_proportion', '-0.5 is too small'],
    [{ loss_tasks: 'normal' }, 'loss_tasks', 'is not a list of names'],
    [{ loss_tasks: ['norml'] }, 'loss_tasks', "there is no loss task 'norml'"],
    [{ loss_tasks: ['sums'] }, 'loss_tasks', 'no objective is left'],
    [{ loss_tasks: ['normal', 'normal'] }, 'loss_tasks', 'normal is listed twice'],
    [{ loss_balance: 'mean' }, 'loss_balance', 'is not one of MGDA, fixed'],
    [{ mgda_normalize: 'l1' }, 'mgda_normalize', 'is not one of none'],
    [{ fixed_scales: { normal: 'x' } }, 'fixed_scales', 'is not a map of names to numbers'],
    [{ clip_batch: 0 }, 'clip_batch', '0 is too small'],
  ])('%j is refused at its key', (document, where, what) => {
    const error = errorOf(document);
    expect(error).toMatchObject({ code: 'E-CONFIG-VALUE', where });
    expect(error.what).toContain(what);
    expect(error.what.startsWith(where)).toBe(true);
  });

  it('comes with all the others', () => {
    expect(
      errorOf({ lr: 'x', epochs: 'y', colour: 1, task: 'Piqa' }).problems.map(({ where }) => where),
    ).toEqual(['epochs', 'lr', 'colour', 'task']);
  });
});

describe('the tasks of Backdoors 101', () => {
  it.each([
    ['MNIST', 'mnist', 'simplenet'],
    ['MultiMNIST', 'multimnist', 'simplenet'],
    ['Cifar10', 'cifar10', 'resnet18'],
    ['CifarFed', 'cifar10', 'resnet18'],
    ['Imagenet', 'custom-imagenet', 'resnet18_224'],
    ['Pipa', 'custom-pipa', 'resnet18_224'],
  ])('%s is %s with %s', (name, dataset, model) => {
    const { config } = adapt({ task: name.toLowerCase() });
    expect(config.task).toMatchObject({ dataset, model, weights: 'random', weights_file: null });
    expect(config.name).toBe(`Backdoors 101: ${name}`);
  });

  it('change training images as there, unless told not to', () => {
    const { training } = adapt({ task: 'Cifar10' }).config;
    expect(training.augmentation).toEqual({ crop_padding: 4, flip: true, smallest_crop: 1 });
    const plain = adapt({ task: 'Cifar10', transform_train: false }).config.training;
    expect(plain.augmentation).toEqual({ crop_padding: 0, flip: false, smallest_crop: 1 });
  });

  it('answer with another label under the complex synthesizer', () => {
    const complex = (task: string) => adapt({ task, synthesizer: 'Complex', backdoor: true }).config.attack;
    expect(complex('MultiMNIST').label).toEqual({ kind: 'digits', operation: 'sum' });
    expect(complex('Pipa').label).toEqual({ kind: 'attribute', name: 'identity' });
    expect(complex('Pipa').synthesizer.kind).toBe('pattern');
  });

  it('draw the rare classes of PIPA more often, and say what is not honoured', () => {
    const { config, warnings } = adapt({ task: 'Pipa' });
    expect(config.training).toMatchObject({
      sampling: 'weighted',
      class_weights: [0.03, 0.07, 0.2, 0.35, 0.35],
    });
    expect(warnings.map(({ where, why }) => [where, /0\.001/.test(why)])).toEqual([['task', true]]);
  });

  it('start from the shipped weights of MNIST, or from a file of one’s own', () => {
    const mnist = adapt({ pretrained: true });
    expect([mnist.config.task.weights, mnist.warnings]).toEqual(['pretrained', []]);
    const cifar = adapt({ task: 'Cifar10', pretrained: true });
    expect(cifar.config.task).toMatchObject({ model: 'resnet18_224', weights: 'imported' });
    expect(cifar.warnings).toMatchObject([{ where: 'pretrained' }]);
    const resumed = adapt({ task: 'Cifar10', pretrained: true, resume_model: 'saved/model.safetensors' });
    expect(resumed.config.task).toMatchObject({
      model: 'resnet18',
      weights: 'imported',
      weights_file: 'saved/model.safetensors',
    });
    for (const none of [null, false, ''])
      expect(adapt({ resume_model: none }).config.task).toMatchObject({
        weights: 'random',
        weights_file: null,
      });
  });

  it('learn a semantic backdoor from photos by their numbers, where there are both kinds', () => {
    const lists = { poison_images: [30696, 33105], poison_images_test: [330] };
    expect(adapt({ task: 'Cifar10', ...lists }).config.attack.synthesizer).toMatchObject({
      kind: 'semantic',
      train: [30696, 33105],
      test: [330],
    });
    expect(adapt(lists).warnings).toMatchObject([
      { where: 'poison_images', why: expect.stringMatching(/MNIST/) as unknown },
    ]);
    const half = adapt({ task: 'Cifar10', poison_images_test: [330] });
    expect(half.config.attack.synthesizer.kind).toBe('pattern');
    expect(half.warnings).toMatchObject([{ where: 'poison_images_test' }]);
    expect(adapt({ poison_images: [] }).warnings).toEqual([]);
  });
});

describe('which keys a document is written in', () => {
  it('shows in its keys', () => {
    expect(isBackdoors101({ task: 'MNIST' })).toBe(true);
    expect(isBackdoors101({ lr: 0.1, colour: 1 })).toBe(true);
    expect(isBackdoors101({ name: 'mine' })).toBe(false);
    expect(isBackdoors101({ training: {}, lr: 0.1 })).toBe(false);
    expect(isBackdoors101({ task: { dataset: 'mnist' } })).toBe(false);
    expect(isBackdoors101(null)).toBe(false);
  });
});

describe('federated training in the keys of Backdoors 101', () => {
  const federatedOf = (document: Record<string, unknown>) =>
    adapt({ fl: true, ...document }).config.federated;

  it('is off unless fl is true, whatever else stands there', () => {
    expect(adapt({ fl_no_models: 10, fl_total_participants: 5 }).config.federated.enabled).toBe(false);
  });

  it('turns eta over all participants into the rate of the mean', () => {
    const cifar = { fl_no_models: 10, fl_total_participants: 100, fl_eta: 10, fl_weight_scale: 100 };
    expect(federatedOf(cifar)).toMatchObject({
      enabled: true,
      clients: 100,
      per_round: 10,
      local_epochs: 2,
      server_rate: 1,
      split: { kind: 'equal' },
      aggregator: { kind: 'fedavg', weighting: 'equal' },
      compromised: { clients: 0, scale: 100, rounds: { kind: 'every' } },
    });
    expect(federatedOf({ ...cifar, fl_eta: 2.5 }).server_rate).toBe(0.25);
  });

  it('attacks in one round with the first that are drawn, or by the same clients all along', () => {
    const rounds = (document: Record<string, unknown>) =>
      federatedOf({ fl_number_of_adversaries: 3, ...document }).compromised;
    expect(rounds({})).toMatchObject({ clients: 3, rounds: { kind: 'every' }, always_present: false });
    expect(rounds({ fl_single_epoch_attack: 12 }).rounds).toEqual({ kind: 'single', round: 12 });
  });

  it('gives the noise that their step of the global model has', () => {
    const dp = { fl_diff_privacy: true, fl_dp_clip: 4, fl_dp_noise: 0.02 };
    const sizes = { fl_no_models: 10, fl_total_participants: 100, fl_eta: 5 };
    expect(federatedOf({ ...dp, ...sizes }).aggregator).toEqual({ kind: 'weak_dp', bound: 4, noise: 0.04 });
    expect(errorOf({ fl: true, fl_diff_privacy: true, fl_dp_noise: 1 })).toMatchObject({
      where: 'fl_dp_clip',
    });
    expect(errorOf({ fl: true, fl_sample_dirichlet: true })).toMatchObject({ where: 'fl_dirichlet_alpha' });
  });

  it('tells what cannot be in their keys', () => {
    expect(errorOf({ fl: true, fl_total_participants: 20 })).toMatchObject({ where: 'fl_no_models' });
  });
});

describe('shaped gradients', () => {
  const dp = { dp: true, dp_clip: 3, dp_sigma: 0.02 };

  it('are clipped example by example, or whole where examples mix', () => {
    const { config, warnings } = adapt({ ...dp, backdoor: true });
    expect(config.training.privacy).toEqual({
      kind: 'gradient_shaping',
      each: 'example',
      clip: 3,
      sigma: 0.02,
    });
    expect(warnings).toEqual([]);
    const mixed = adapt({ ...dp, task: 'Cifar10' });
    expect(mixed.config.training.privacy).toMatchObject({ each: 'batch' });
    expect(mixed.warnings.map(({ where }) => where)).toContain('dp');
  });

  it('need both figures, and are for training in one place', () => {
    expect(errorOf({ dp: true, dp_clip: 1 })).toMatchObject({ where: 'dp_sigma' });
    expect(errorOf({ ...dp, dp_clip: 0 })).toMatchObject({ where: 'dp_clip' });
    const federated = adapt({ ...dp, fl: true });
    expect(federated.config.training.privacy).toEqual({ kind: 'none' });
    expect(federated.warnings.map(({ where }) => where)).toEqual(['dp']);
  });
});
