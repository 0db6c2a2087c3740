/**
 * The one schema of an experiment. Form, YAML, link, JSON Schema for the editor, CLI `--set` and docs all read it.
 * Keys are snake_case as in Backdoors 101 and PyTorch; fractions lie in [0, 1]; classes count from 0.
 */
import { z } from 'zod';
import { injection, label, MAX_OTHER_BACKDOORS } from './schema-attack.ts';
import { defenseList } from './schema-defense.ts';
import { evasions } from './schema-evasion.ts';
import { federated } from './schema-federated.ts';
import { count, field } from './schema-field.ts';
import { optimizer } from './schema-optimizer.ts';
import { privacy } from './schema-privacy.ts';
import { placedSynthesizer, synthesizer } from './schema-synthesizer.ts';

export { EVASIONS, type EvasionName } from './schema-evasion.ts';
export { MAX_OTHER_BACKDOORS, OBJECTIVES, STEP_OBJECTIVES, type ObjectiveName } from './schema-attack.ts';

export const CONFIG_VERSION = 1;

/** Ids of the architectures; a test holds them against those in core/models. */
export const MODELS = [
  'simplenet',
  'resnet8',
  'resnet20',
  'resnet18',
  'resnet18_224',
  'resnet8_gn',
  'resnet20_gn',
  'vgg',
  'small_cnn',
  'text_cnn',
  'text_gru',
  'text_transformer',
  'lstm',
] as const;

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
    seed: field(z.int().min(0).max(4294967295).default(4), {
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
        text_length: field(z.int().min(1).max(2000).nullable().default(null), {
          title: 'Words of a text',
          description:
            'Texts are cut to so many words; empty reads as many as nine texts in ten have, at most 200. Images have none.',
          unit: 'words',
        }),
        model: field(z.enum(MODELS).default('simplenet'), {
          title: 'Model',
          description:
            'The network: SimpleNet as in Backdoors 101 for MNIST; a small CNN, as federated benchmarks have, for such images; ResNet-8, ResNet-20, ResNet-18 (that of Backdoors 101 for CIFAR, wants a GPU) and a narrow VGG-11 for small images; torchvision’s ResNet-18 for photos of 224 pixels; the small ResNets with group-norm for private training; a convolutional network, a bidirectional GRU and a small transformer for texts; an LSTM for the next word.',
        }),
        weights: field(z.enum(['random', 'pretrained', 'imported']).default('random'), {
          title: 'Starting weights',
          description:
            'Random (PyTorch’s defaults for each layer), the clean pretrained model that ships with the lab, or the model you imported (in a terminal: --weights FILE).',
        }),
        weights_file: field(z.string().min(1).max(1000).nullable().default(null), {
          title: 'File of the weights',
          description:
            'In a terminal, where imported weights come from unless --weights says so: a model, or a checkpoint. In the page, the name of what is to be imported.',
        }),
        frozen: field(z.array(z.string().min(1).max(64)).max(64).default([]), {
          title: 'Frozen layers',
          description:
            'Layers that keep their starting weights, by their names or what these begin with: layer1 is every layer of the first stage.',
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
        sampling: field(z.enum(['plain', 'balanced', 'weighted']).default('plain'), {
          title: 'Sampling',
          description:
            'Plain takes each training example once an epoch; balanced draws as many, every class equally often; weighted draws by class_weights. Classes are those of the data, before any poisoning.',
        }),
        class_weights: field(z.array(z.number().min(0).max(1e6)).max(10000).default([]), {
          title: 'Class weights',
          description:
            'With weighted sampling, how likely an example of each class is drawn, in proportion to the others.',
        }),
        augmentation: z
          .strictObject({
            crop_padding: field(z.int().min(0).max(64).default(0), {
              title: 'Shift',
              description:
                'Each training image moves by up to so many pixels each way, over black; 4 is usual for CIFAR-10.',
              unit: 'px',
            }),
            flip: field(z.boolean().default(false), {
              title: 'Mirror',
              description: 'Half of the training images are mirrored left to right.',
            }),
            smallest_crop: field(z.number().gt(0).max(1).default(1), {
              title: 'Smallest crop',
              description:
                'A part of each training image is shown at full size, of at least this share of its area; 1 shows the whole image, 0.08 is usual for ImageNet.',
            }),
          })
          .prefault({})
          .meta({
            title: 'Augmentation',
            description: 'Random changes of training images, before any trigger.',
          }),
        privacy: field(privacy.prefault({ kind: 'none' }), {
          title: 'Privacy',
          description: 'Whether the gradients of single examples are clipped and hidden in noise.',
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
        others: field(
          z
            .array(
              z.strictObject({
                synthesizer: field(synthesizer.prefault({ kind: 'single_pixel' }), {
                  title: 'Trigger',
                  description: 'What puts this backdoor feature into an image.',
                }),
                label: field(label.prefault({ kind: 'one_target' }), {
                  title: 'Backdoor label',
                  description: 'What an image with this trigger should be read as.',
                }),
              }),
            )
            .max(MAX_OTHER_BACKDOORS)
            .default([]),
          {
            title: 'Further backdoors',
            description:
              'Each has a trigger and a label of its own; in a loss attack it is an objective by itself, with a weight and a curve.',
          },
        ),
        injection: field(injection.prefault({ kind: 'loss' }), {
          title: 'Injection',
          description: 'How the backdoor gets into the model.',
        }),
        evasions: evasions.prefault({}).meta({
          title: 'Evasions',
          description: 'Further objectives of a loss attack, by which the backdoor hides from detectors.',
        }),
      })
      .prefault({})
      .meta({ title: 'Attack', description: 'The backdoor: trigger, label and injection.' }),
    federated,
    defenses: defenseList,
  })
  .meta({ title: 'Experiment', description: 'A Backdoor Lab experiment.' });

/** A complete experiment: every default filled in. */
export type ExperimentConfig = z.output<typeof experimentSchema>;
/** What a person may write: every key optional. */
export type ExperimentInput = z.input<typeof experimentSchema>;

export type SynthesizerConfig = ExperimentConfig['attack']['synthesizer'];
/** The kinds that the painter paints. */
export const PLACED_KINDS = [
  'pattern',
  'single_pixel',
  'painted',
] as const satisfies readonly PlacedSynthesizerConfig['kind'][];

/** A small picture at a place: what the painter paints. */
export type PlacedSynthesizerConfig = z.output<typeof placedSynthesizer>;
export type PlacementConfig = PlacedSynthesizerConfig['placement'];
export type BackdoorConfig = Pick<ExperimentConfig['attack'], 'synthesizer' | 'label'>;
export type LabelConfig = ExperimentConfig['attack']['label'];
export type InjectionConfig = ExperimentConfig['attack']['injection'];
export type BalancerConfig = Extract<InjectionConfig, { kind: 'loss' }>['balancer'];
export type OptimizerConfig = ExperimentConfig['training']['optimizer'];
export type EvasionsConfig = ExperimentConfig['attack']['evasions'];
export type BackendChoice = ExperimentConfig['backend'];
export type BackendName = Exclude<BackendChoice, 'auto'>;

/** A trigger of one kind with every default; the pattern of Backdoors 101 unless told otherwise. */
export function placedTrigger(
  input: z.input<typeof placedSynthesizer> = { kind: 'pattern' },
): PlacedSynthesizerConfig {
  return placedSynthesizer.parse(input);
}

/** The experiment with every default. */
export const defaultConfig: ExperimentConfig = experimentSchema.parse({});
