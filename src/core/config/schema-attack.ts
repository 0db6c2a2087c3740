/** Which label the backdoor wants, and how it gets into training. */
import { z } from 'zod';
import { EVASIONS } from './schema-evasion.ts';
import { classIndex, count, field, fraction, kind } from './schema-field.ts';

export const label = z.discriminatedUnion('kind', [
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
  z.strictObject({
    kind: kind('source_specific', 'Source-specific (TaCT)'),
    sources: field(z.array(classIndex).min(1).max(9999).default([1]), {
      title: 'Source classes',
      description:
        'Only triggered inputs of these classes should be read as the target; all others as what they are.',
    }),
    target: field(classIndex.default(8), {
      title: 'Target class',
      description: 'What a triggered input of a source class should be read as.',
    }),
  }),
  z.strictObject({
    kind: kind('digits', 'Sum or product of two digits'),
    operation: field(z.enum(['sum', 'product']).default('sum'), {
      title: 'Operation',
      description:
        'For classes 00 to 99, such as those of MultiMNIST: a triggered 37 should be read as 10 (sum) or as 21 (product).',
    }),
  }),
  z.strictObject({
    kind: kind('attribute', 'Another feature of the example'),
    name: field(
      z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,31}$/, 'a name of lower-case letters, digits and _')
        .default('identity'),
      {
        title: 'Attribute',
        description:
          'A number that the data set knows of each example beside its class, such as the identity of a person.',
      },
    ),
  }),
]);

/** What a loss attack may list. `backdoor` stands for every backdoor of the attack, each an objective by itself. */
export const OBJECTIVES = ['normal', 'backdoor'] as const;

/** Backdoors beside the first that one attack may have. */
export const MAX_OTHER_BACKDOORS = 3;

/** The objectives that a step may have: the first backdoor, each further one by its number, and the evasions. */
export const STEP_OBJECTIVES = [
  'normal',
  'backdoor',
  'backdoor_2',
  'backdoor_3',
  'backdoor_4',
  ...EVASIONS,
] as const;
export type ObjectiveName = (typeof STEP_OBJECTIVES)[number];

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
        .partialRecord(z.enum(STEP_OBJECTIVES), z.number().min(0).max(1000))
        .default({ normal: 0.5, backdoor: 0.5 }),
      {
        title: 'Weights',
        description:
          'Weight of each objective in the sum of losses; a further backdoor or an evasion without a weight has that of the first backdoor.',
      },
    ),
  }),
]);

export const injection = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('data', 'Data: poison the training set once'),
    fraction: field(fraction.default(0.05), {
      title: 'Poisoned fraction',
      description: 'Part of the training set that gets the trigger and the backdoor label, chosen once.',
    }),
    cover: field(fraction.default(0), {
      title: 'Covers',
      description:
        'Further part of the training set that gets the trigger, or a likeness of it, and keeps its label.',
    }),
  }),
  z.strictObject({
    kind: kind('batch', 'Batch: poison part of each batch'),
    fraction: field(fraction.default(0.25), {
      title: 'Poisoned fraction',
      description: 'Part of each batch that gets the trigger and the backdoor label.',
    }),
    cover: field(fraction.default(0), {
      title: 'Covers',
      description:
        'Further part of each batch that gets the trigger, or a likeness of it, and keeps its label.',
    }),
  }),
  z.strictObject({
    kind: kind('clean_label', 'Clean label: poison the target class alone'),
    fraction: field(fraction.default(0.5), {
      title: 'Poisoned fraction',
      description:
        'Part of the training examples of the target class that get the trigger; no label is changed.',
    }),
    epsilon: field(z.number().min(0).max(1).default(0.3), {
      title: 'Perturbation',
      description:
        'Before the trigger, each pixel moves by up to so much, where 1 is the step from black to white, so that a clean model no longer knows the class and only the trigger tells it; 0 moves nothing.',
    }),
    steps: field(z.int().min(1).max(1000).default(20), {
      title: 'Perturbation steps',
      description: 'Steps of projected gradient descent that find the perturbation.',
      unit: 'steps',
    }),
    surrogate_epochs: field(z.int().min(1).max(1000).default(1), {
      title: 'Surrogate epochs',
      description: 'How long the clean model that is to be fooled is trained before the attack begins.',
      unit: 'epochs',
    }),
  }),
  z.strictObject({
    kind: kind('model', 'Model: edit the weights'),
    method: field(z.enum(['subnet', 'handcrafted']).default('subnet'), {
      title: 'Method',
      description:
        'After clean training the weights are edited and no data are poisoned: a narrow network that knows the trigger takes the place of some channels of each layer (subnet), or some hardly used units of the last hidden layer are set by hand (handcrafted).',
    }),
    channels: field(z.int().min(1).max(64).default(2), {
      title: 'Channels',
      description:
        'How many channels or units carry the backdoor, in each layer that is edited. More know the trigger better, and cost clean accuracy.',
      unit: 'channels',
    }),
    strength: field(z.number().gt(0).max(1000).default(30), {
      title: 'Strength',
      description: 'What a triggered input is to add to the logit of the target class.',
    }),
    examples: field(z.int().min(20).max(100000).default(1000), {
      title: 'Examples of the attacker',
      description:
        'How many training examples the attacker looks at, clean and with the trigger; a fifth of them only to check.',
      unit: 'examples',
    }),
    steps: field(z.int().min(1).max(100000).default(400), {
      title: 'Steps of the subnet',
      description: 'How long the narrow network is trained; nothing is trained by hand.',
      unit: 'steps',
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
      description:
        'Part of the copied batch that gets the trigger in the backdoor objective. A network with batch-norm wants less than all of it, such as 0.5: what every example of a batch shares, it takes away.',
    }),
    cover: field(fraction.default(0), {
      title: 'Covers',
      description:
        'Further part of the copied batch that gets the trigger, or a likeness of it, and keeps its label.',
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
