/**
 * A checkpoint as one safetensors file: weights and optimizer slots are its tensors (`weights/conv1.weight`,
 * `optimizer/momentum_buffer/conv1.weight`), the rest is JSON in its metadata.
 */
import type { Stats } from 'node:fs';
import { rename } from 'node:fs/promises';
import { z } from 'zod';
import { parseConfig } from '../core/config/parse.ts';
import { type BalancerConfig, EVASIONS } from '../core/config/schema.ts';
import { asSentence, messageOf } from '../core/error-words.ts';
import { LabError } from '../core/errors.ts';
import type { Checkpoint, CheckpointStore } from '../core/experiment/checkpoint.ts';
import type { Intervention } from '../core/experiment/events.ts';
import type { RoundRecord } from '../core/experiment/round.ts';
import {
  EVASION_SLOTS,
  FEDERATED_SLOTS,
  type NamedArray,
  TRIGGER_SLOTS,
} from '../core/experiment/weights.ts';
import { CHECKPOINT_FORMAT as FORMAT, CHECKPOINT_WEIGHTS as WEIGHTS } from '../core/formats/model-file.ts';
import { writeSafetensors } from '../core/formats/safetensors-writer.ts';
import { floatsOf, readSafetensors } from '../core/formats/safetensors.ts';
import { triggerFromText, triggerToText } from '../core/formats/trigger-metadata.ts';
import { checkedWeights } from '../core/models/checked-weights.ts';
import { moveAside, readInput, statIfThere, writeWhole } from './files.ts';

const OPTIMIZER = 'optimizer/';

/** JSON has no NaN: a loss that was none is written as null. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const count = z.int().min(0);
const perObjective = z.record(z.string(), figure);

const restSchema = z.object({
  version: z.literal(1),
  config: z.unknown(),
  model: z.string(),
  inputShape: z.union([z.tuple([count, count, count]), z.tuple([count, count])]),
  classes: count,
  step: count,
  epoch: count,
  batch: count,
  normalLosses: z.array(figure),
  epochs: z.array(
    z.object({
      epoch: count,
      clean_accuracy: figure,
      attack_success_rate: z.number().nullable(),
      attack_success_rate_all: figure,
      further_attack_success_rates: z.array(z.number().nullable()).optional(),
      cross_trigger_accuracy: z.number().optional(),
      epsilon: z.number().optional(),
      losses: perObjective,
      scales: perObjective,
      seconds: z.number(),
    }),
  ),
  partialEpoch: z.object({ losses: perObjective, scales: perObjective, steps: count, seconds: z.number() }),
  interventions: z.array(
    z.object({
      step: count,
      balancer: z.unknown().optional(),
      evasions: z.array(z.enum(EVASIONS)).optional(),
      client: z
        .object({
          client: count,
          present: z.boolean(),
          trigger: z.boolean().nullable(),
          scale: z.number().min(0).nullable(),
          learningRate: z.number().gt(0).nullable(),
        })
        .optional(),
    }),
  ),
  rounds: z
    .array(z.looseObject({ round: count, clients: z.array(z.looseObject({ client: count })) }))
    .transform((rounds) => rounds as unknown as RoundRecord[])
    .optional(),
  learningRateFactor: z.number().gt(0).max(1),
  recovery: z
    .object({ step: count, from: z.enum(['newest', 'older', 'start']), done: z.boolean() })
    .nullish(),
  seconds: z.number().min(0),
});

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { weights, optimizer, ...rest } = checkpoint;
  const { model, inputShape, classes, parameters, trigger } = weights;
  const prefixed = (prefix: string, arrays: readonly NamedArray[]): NamedArray[] =>
    arrays.map((array) => ({ ...array, name: prefix + array.name }));
  return writeSafetensors([...prefixed(WEIGHTS, parameters), ...prefixed(OPTIMIZER, optimizer)], {
    metadata: {
      format: FORMAT,
      checkpoint: JSON.stringify({ ...rest, model, inputShape, classes }),
      ...(trigger && { trigger: triggerToText(trigger) }),
    },
  });
}

/** @throws LabError E-CHECKPOINT when the file is damaged, cut short or something else. */
export function decodeCheckpoint(bytes: Uint8Array, file: string): Checkpoint {
  try {
    const { metadata, tensors } = readSafetensors(bytes, file);
    if (metadata['format'] !== FORMAT) throw new Error('It is a safetensors file of another kind.');
    const read = restSchema.parse(JSON.parse(metadata['checkpoint'] ?? 'null'));
    const { model, inputShape, classes, config: given, interventions: hand, ...rest } = read;
    const under = (prefix: string): NamedArray[] =>
      tensors
        .filter(({ name }) => name.startsWith(prefix))
        .map((tensor) => ({
          name: tensor.name.slice(prefix.length),
          shape: tensor.shape,
          data: floatsOf(tensor),
        }));
    const config = parseConfig(given);
    assertPosition(rest, config);
    const trigger = triggerFromText(metadata['trigger'], file);
    const parameters = checkedWeights(model, inputShape, classes, under(WEIGHTS), file);
    const weights = { ...parameters, ...(trigger && { trigger }) };
    const shapes = new Map(weights.parameters.map(({ name, shape }) => [name, shape.join()]));
    const optimizer = under(OPTIMIZER);
    for (const { name, shape } of optimizer) {
      if ([EVASION_SLOTS, FEDERATED_SLOTS, TRIGGER_SLOTS].some((own) => name.startsWith(own))) continue;
      const parameter = name.slice(name.indexOf('/') + 1);
      if (shapes.get(parameter) !== shape.join())
        throw new Error(`Its optimizer slot ${name} has the wrong shape.`);
    }
    const interventions = hand.flatMap(({ step, balancer: chosen, evasions, client }): Intervention[] => {
      if (client) return [{ step, client }];
      if (evasions) return [{ step, evasions }];
      const balancer = readBalancer(chosen, config);
      return balancer ? [{ step, balancer }] : [];
    });
    return { ...rest, config, weights, optimizer, interventions };
  } catch (cause) {
    throw new LabError(
      {
        code: 'E-CHECKPOINT',
        what: `${file} is not a checkpoint that can be read.`,
        why: reasonOf(cause),
        fix: 'Give another place with --checkpoint, or move the file away and start over without --resume.',
        where: file,
      },
      { cause },
    );
  }
}

/** A position that no run of the experiment passes through would train on the wrong batches, and say nothing. */
function assertPosition(
  { step, epoch, batch }: Pick<Checkpoint, 'step' | 'epoch' | 'batch'>,
  { training: { start_epoch: first, epochs } }: Checkpoint['config'],
): void {
  const last = Math.max(first, epochs + 1);
  if (epoch < first || epoch > last)
    throw new Error(`Its epoch is ${epoch}; the experiment has ${first} to ${last}.`);
  const perEpoch = (step - batch) / (epoch - first);
  const possible =
    epoch === first
      ? step === batch
      : Number.isInteger(perEpoch) && perEpoch >= Math.max(1, batch) && (epoch <= epochs || batch === 0);
  if (!possible) throw new Error(`No run is at step ${step} in epoch ${epoch}, batch ${batch}.`);
}

/** A balancer set by hand is checked in its place in the experiment. */
function readBalancer(hand: unknown, { attack, ...config }: Checkpoint['config']): BalancerConfig | null {
  const injection = { kind: 'loss', balancer: hand };
  const checked = parseConfig({ ...config, attack: { ...attack, injection } }).attack.injection;
  return checked.kind === 'loss' ? checked.balancer : null;
}

function reasonOf(cause: unknown): string {
  if (cause instanceof LabError) return `${cause.what} ${cause.why}`.trim();
  if (cause instanceof z.ZodError) {
    const [issue] = cause.issues;
    return asSentence(`Its ${issue?.path.join('.') || 'description'} is wrong: ${issue?.message ?? ''}`);
  }
  return asSentence(messageOf(cause));
}

/** Keeps the latest checkpoint in a file, and in memory for exports; an older one beside it in `NAME.older`. */
export class CheckpointFile implements CheckpointStore {
  /** The last one that the run gave, even if the disk did not take it. */
  latest: Checkpoint | null = null;
  /** Step of the last one that the disk took from this process. */
  savedStep: number | null = null;
  private olderIsOurs = false;

  constructor(readonly path: string) {}

  get olderPath(): string {
    return olderThan(this.path);
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    this.latest = checkpoint;
    await writeWhole(this.path, encodeCheckpoint(checkpoint));
    this.savedStep = checkpoint.step;
  }

  /** @throws LabError E-CHECKPOINT when something else is in its place, which would be lost */
  async saveOlder(checkpoint: Checkpoint): Promise<void> {
    if (!this.olderIsOurs) await new CheckpointFile(this.olderPath).loadIfThere();
    this.olderIsOurs = true;
    await writeWhole(this.olderPath, encodeCheckpoint(checkpoint));
  }

  /** Null when there is none that can be read. */
  loadOlder(): Promise<Checkpoint | null> {
    return new CheckpointFile(this.olderPath).loadIfThere().catch(() => null);
  }

  /**
   * Moves both out of the way.
   * @returns the new place of the latest; null when it has gone meanwhile
   * @throws LabError E-STORAGE
   */
  async moveAside(): Promise<string | null> {
    const previous = await moveAside(this.path);
    // Most runs are too short for an older one.
    if (previous !== null) await rename(this.olderPath, olderThan(previous)).catch(() => undefined);
    return previous;
  }

  /** Null when there is none. @throws LabError E-CHECKPOINT when it cannot be read, or is something else */
  async loadIfThere(): Promise<Checkpoint | null> {
    return (await this.found()) ? this.load() : null;
  }

  /** @throws LabError E-CHECKPOINT when there is none, it cannot be read, or is something else */
  async load(): Promise<Checkpoint> {
    const found = await this.found();
    // To read a pipe would wait for ever.
    if (found && !found.isFile() && !found.isDirectory()) throw noFile(this.path);
    const bytes = await readInput(this.path, 'The checkpoint', 'E-CHECKPOINT');
    return decodeCheckpoint(bytes, this.path);
  }

  /** What stands at the path; null for nothing, and for what reading it then explains. */
  private found(): Promise<Stats | null> {
    return statIfThere(this.path).catch(() => null);
  }
}

const olderThan = (file: string): string => `${file}.older`;

function noFile(file: string): LabError {
  return new LabError({
    code: 'E-CHECKPOINT',
    what: `${file} cannot hold a checkpoint.`,
    why: 'It is a device or a pipe, which keeps nothing.',
    fix: 'Give a file with --checkpoint.',
    where: file,
  });
}
