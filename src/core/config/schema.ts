/**
 * The one schema of an experiment. Form, YAML, link, JSON Schema for the editor, CLI `--set` and docs all read it.
 * Keys are snake_case as in Backdoors 101 and PyTorch; fractions lie in [0, 1]; classes count from 0.
 */
import { z } from 'zod';

export const CONFIG_VERSION = 1;

/** What forms, hover help and docs say of a field, beside its type and range. */
export interface FieldMeta {
  title: string;
  description: string;
  unit?: string;
}

/** The name of a section that a `kind` chooses, with its title for forms. */
const kind = <K extends string>(name: K, title: string) => z.literal(name).meta({ title });

const field = <T extends z.ZodType>(type: T, meta: FieldMeta): T => type.meta({ ...meta });

const fraction = z.number().min(0).max(1);
const count = z.int().min(1);
const classIndex = z.int().min(0).max(9999);

/** Where a trigger lands, and how it varies. Sizes and places in pixels, from the top left corner. */
const placement = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('fixed', 'Fixed'),
    row: field(z.int().min(0).max(4095).default(3), {
      title: 'Row',
      description: 'Row of the top edge of the trigger.',
      unit: 'px',
    }),
    column: field(z.int().min(0).max(4095).default(23), {
      title: 'Column',
      description: 'Column of the left edge of the trigger.',
      unit: 'px',
    }),
  }),
  z.strictObject({
    kind: kind('random', 'Random'),
    per: field(z.enum(['batch', 'example']).default('batch'), {
      title: 'New place for each',
      description: 'Backdoors 101 draws one place for each batch; one for each example is harder to learn.',
    }),
    min_size: field(z.int().min(1).max(4096).nullable().default(null), {
      title: 'Smallest size',
      description:
        'The shorter side is drawn between the smallest and the largest size; empty keeps the size as drawn.',
      unit: 'px',
    }),
    max_size: field(z.int().min(1).max(4096).nullable().default(null), {
      title: 'Largest size',
      description: 'See the smallest size. Backdoors 101 uses 5 to 10.',
      unit: 'px',
    }),
    flip: field(z.boolean().default(false), {
      title: 'Flip',
      description: 'Mirror the trigger left to right half of the time.',
    }),
  }),
]);

const PLACEMENT: FieldMeta = {
  title: 'Place',
  description: 'Where the trigger lands in the image, and how that varies.',
};

/** A painted pixel: row, column, colour `#rrggbb`, opacity in (0, 1]. */
const paintedPixel = z.tuple([
  z.int().min(0).max(4095),
  z.int().min(0).max(4095),
  z.string().regex(/^#[0-9a-f]{6}$/, 'a colour such as #ffffff'),
  z.number().gt(0).max(1),
]);

const synthesizer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('pattern', 'Pattern'),
    rows: field(
      z
        .array(z.array(fraction.nullable()).min(1).max(512))
        .min(1)
        .max(512)
        .default([
          [1, 0, 1],
          [null, 1, null],
          [null, null, 0],
          [null, 1, null],
          [1, 0, 1],
        ]),
      {
        title: 'Pattern',
        description:
          'Rows of pixel values from 0 (black) to 1 (white); null leaves the pixel of the image as it is.',
      },
    ),
    placement: field(placement.default({ kind: 'fixed', row: 3, column: 23 }), PLACEMENT),
  }),
  z.strictObject({
    kind: kind('single_pixel', 'Single pixel'),
    value: field(fraction.default(1), {
      title: 'Brightness',
      description: 'Value of the pixel, from 0 (black) to 1 (white).',
    }),
    placement: field(placement.default({ kind: 'fixed', row: 3, column: 23 }), PLACEMENT),
  }),
  z.strictObject({
    kind: kind('painted', 'Painted'),
    pixels: field(z.array(paintedPixel).max(65536).default([]), {
      title: 'Painted pixels',
      description:
        'Each pixel as [row, column, colour, opacity]. With a random place the painted box moves as a whole.',
    }),
    placement: field(
      z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: kind('as_painted', 'Where it was painted') }),
          placement.options[1],
        ])
        .default({ kind: 'as_painted' }),
      PLACEMENT,
    ),
  }),
]);

const label = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('one_target', 'One target class'),
    target: field(classIndex.default(8), {
      title: 'Target class',
      description: 'Every triggered input should be read as this class.',
    }),
  }),
  z.strictObject({
    kind: kind('all_to_all', 'All to all'),
    shift: field(z.int().min(1).max(9999).default(1), {
      title: 'Shift',
      description: 'A triggered input of class y should be read as (y + shift) modulo the number of classes.',
    }),
  }),
]);

export const OBJECTIVES = ['normal', 'backdoor'] as const;
export type ObjectiveName = (typeof OBJECTIVES)[number];

const balancer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('mgda', 'MGDA'),
    normalize: field(z.enum(['none', 'eq', 'l2', 'loss', 'loss+']).default('loss'), {
      title: 'Normalisation',
      description:
        'What each gradient is divided by before the balance is sought: nothing (none, eq), its norm (l2), its loss (loss), or loss times norm (loss+).',
    }),
  }),
  z.strictObject({
    kind: kind('fixed', 'Fixed weights'),
    scales: field(
      z
        .partialRecord(z.enum(OBJECTIVES), z.number().min(0).max(1000))
        .default({ normal: 0.5, backdoor: 0.5 }),
      { title: 'Weights', description: 'Weight of each objective in the sum of losses.' },
    ),
  }),
]);

const injection = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('data', 'Data: poison the training set once'),
    fraction: field(fraction.default(0.05), {
      title: 'Poisoned fraction',
      description: 'Part of the training set that gets the trigger and the backdoor label, chosen once.',
    }),
  }),
  z.strictObject({
    kind: kind('batch', 'Batch: poison part of each batch'),
    fraction: field(fraction.default(0.25), {
      title: 'Poisoned fraction',
      description: 'Part of each batch that gets the trigger and the backdoor label.',
    }),
  }),
  z.strictObject({
    kind: kind('loss', 'Loss: the blind attack'),
    objectives: field(z.array(z.enum(OBJECTIVES)).min(1).default(['backdoor', 'normal']), {
      title: 'Objectives',
      description: 'The losses that the attack balances in each step.',
    }),
    proportion: field(fraction.default(1), {
      title: 'Poisoned proportion',
      description: 'Part of the copied batch that gets the trigger in the backdoor objective.',
    }),
    balancer: field(balancer.default({ kind: 'mgda', normalize: 'loss' }), {
      title: 'Balancer',
      description:
        'How the weights of the losses are found in each step: MGDA seeks them, fixed keeps yours.',
    }),
    loss_threshold: field(z.number().min(0).nullable().default(null), {
      title: 'Loss threshold',
      description:
        'Attack only once the mean of the last 1,000 normal losses is below this value; empty attacks from the start.',
    }),
    clip_batch: field(count.nullable().default(null), {
      title: 'Clip batch',
      description: 'The attack step uses only the first n examples of a batch; empty uses all.',
      unit: 'examples',
    }),
  }),
]);

const optimizer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('sgd', 'SGD'),
    learning_rate: field(z.number().gt(0).max(100).default(0.01), {
      title: 'Learning rate',
      description: 'Step size.',
    }),
    momentum: field(z.number().min(0).lt(1).default(0.9), {
      title: 'Momentum',
      description: 'Part of the last step that is kept, as in torch.optim.SGD.',
    }),
    weight_decay: field(z.number().min(0).max(1).default(0.0005), {
      title: 'Weight decay',
      description: 'L2 penalty, added to the gradient before momentum.',
    }),
  }),
  z.strictObject({
    kind: kind('adam', 'Adam'),
    learning_rate: field(z.number().gt(0).max(100).default(0.001), {
      title: 'Learning rate',
      description: 'Step size.',
    }),
    beta1: field(z.number().min(0).lt(1).default(0.9), {
      title: 'Beta 1',
      description: 'Decay of the mean of gradients.',
    }),
    beta2: field(z.number().min(0).lt(1).default(0.999), {
      title: 'Beta 2',
      description: 'Decay of the mean of squared gradients.',
    }),
    epsilon: field(z.number().gt(0).max(1).default(1e-8), {
      title: 'Epsilon',
      description: 'Added to the divisor.',
    }),
    weight_decay: field(z.number().min(0).max(1).default(0), {
      title: 'Weight decay',
      description: 'L2 penalty, added to the gradient (torch.optim.Adam, not AdamW).',
    }),
  }),
]);

export const experimentSchema = z
  .strictObject({
    version: field(z.literal(CONFIG_VERSION).default(CONFIG_VERSION), {
      title: 'Version',
      description: 'Version of this format.',
    }),
    name: field(z.string().max(200).default('Experiment'), {
      title: 'Name',
      description: 'How the run is called in lists and exports.',
    }),
    seed: field(z.int().min(0).max(4294967295).default(1), {
      title: 'Seed',
      description: 'Everything drawn at random comes from this number: same seed, same backend, same result.',
    }),
    backend: field(z.enum(['auto', 'webgpu', 'wasm', 'cpu']).default('auto'), {
      title: 'Backend',
      description: 'What computes: chosen by what is there and correct (auto), or by you.',
    }),
    task: z
      .strictObject({
        dataset: field(
          z
            .string()
            .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'a name of at most 64 lower-case letters, digits, - and _')
            .default('mnist'),
          {
            title: 'Data set',
            description: 'A data set of the lab (mnist) or the name of one that you brought.',
          },
        ),
        train_examples: field(count.nullable().default(null), {
          title: 'Training examples',
          description: 'Use only the first n training examples; empty uses all.',
          unit: 'examples',
        }),
        test_examples: field(count.nullable().default(null), {
          title: 'Test examples',
          description: 'Use only the first n test examples; empty uses all.',
          unit: 'examples',
        }),
        model: field(z.enum(['simplenet']).default('simplenet'), {
          title: 'Model',
          description: 'The network.',
        }),
        weights: field(z.enum(['random', 'pretrained', 'imported']).default('random'), {
          title: 'Starting weights',
          description:
            'Random (PyTorch’s defaults for each layer), the clean pretrained model that ships with the lab, or the model you imported (in a terminal: --weights FILE).',
        }),
      })
      .prefault({})
      .meta({ title: 'Task', description: 'The data and the model.' }),
    training: z
      .strictObject({
        epochs: field(z.int().min(0).max(100000).default(1), {
          title: 'Epochs',
          description: 'Passes over the training set.',
        }),
        start_epoch: field(count.default(1), {
          title: 'First epoch',
          description: 'Number of the first epoch, as in Backdoors 101: epochs start_epoch to epochs run.',
        }),
        batch_size: field(z.int().min(1).max(65536).default(64), {
          title: 'Batch size',
          description: 'Training examples in a step.',
          unit: 'examples',
        }),
        max_batches: field(count.nullable().default(null), {
          title: 'Batches per epoch',
          description: 'End each epoch after this many batches; empty runs all.',
        }),
        optimizer: field(optimizer.prefault({ kind: 'sgd' }), {
          title: 'Optimizer',
          description: 'How a gradient changes the weights; equal to PyTorch’s.',
        }),
        schedule: field(z.enum(['constant', 'cosine']).default('constant'), {
          title: 'Schedule',
          description: 'Cosine lowers the learning rate to 0 over the epochs, once an epoch.',
        }),
        nan_check: field(z.boolean().default(true), {
          title: 'Stop on NaN',
          description: 'Pause at the batch whose loss is not a finite number.',
        }),
      })
      .prefault({})
      .meta({ title: 'Training', description: 'How the model is trained.' }),
    evaluation: z
      .strictObject({
        batch_size: field(z.int().min(1).max(65536).default(1000), {
          title: 'Test batch size',
          description: 'Test examples computed at once; changes speed, not results.',
          unit: 'examples',
        }),
        live_every: field(z.int().min(0).max(1000000).default(50), {
          title: 'Live evaluation every',
          description: 'Evaluate on the first test examples every n steps; 0 only after each epoch.',
          unit: 'steps',
        }),
        live_examples: field(count.default(500), {
          title: 'Live test examples',
          description: 'How many test examples a live evaluation uses.',
          unit: 'examples',
        }),
      })
      .prefault({})
      .meta({ title: 'Evaluation', description: 'When and how accuracy and attack success are measured.' }),
    checkpoints: z
      .strictObject({
        every: field(z.int().min(0).max(1000000).default(200), {
          title: 'Checkpoint every',
          description: 'Keep a checkpoint every n steps, to resume from; 0 only after each epoch.',
          unit: 'steps',
        }),
      })
      .prefault({})
      .meta({ title: 'Checkpoints', description: 'When the run is kept, to resume from.' }),
    attack: z
      .strictObject({
        enabled: field(z.boolean().default(true), {
          title: 'Attack',
          description: 'Off trains a clean model; the trigger is still evaluated, as a control.',
        }),
        synthesizer: field(synthesizer.prefault({ kind: 'pattern' }), {
          title: 'Trigger',
          description: 'What puts the backdoor feature into an image.',
        }),
        label: field(label.prefault({ kind: 'one_target' }), {
          title: 'Backdoor label',
          description: 'What a triggered image should be read as.',
        }),
        injection: field(injection.prefault({ kind: 'loss' }), {
          title: 'Injection',
          description: 'How the backdoor gets into the model.',
        }),
      })
      .prefault({})
      .meta({ title: 'Attack', description: 'The backdoor: trigger, label and injection.' }),
  })
  .meta({ title: 'Experiment', description: 'A Backdoor Lab experiment.' });

/** A complete experiment: every default filled in. */
export type ExperimentConfig = z.output<typeof experimentSchema>;
/** What a person may write: every key optional. */
export type ExperimentInput = z.input<typeof experimentSchema>;

export type SynthesizerConfig = ExperimentConfig['attack']['synthesizer'];
export type PlacementConfig = SynthesizerConfig['placement'];
export type LabelConfig = ExperimentConfig['attack']['label'];
export type InjectionConfig = ExperimentConfig['attack']['injection'];
export type BalancerConfig = Extract<InjectionConfig, { kind: 'loss' }>['balancer'];
export type OptimizerConfig = ExperimentConfig['training']['optimizer'];
export type BackendChoice = ExperimentConfig['backend'];
export type BackendName = Exclude<BackendChoice, 'auto'>;

/** The experiment with every default. */
export const defaultConfig: ExperimentConfig = experimentSchema.parse({});
