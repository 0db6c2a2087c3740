/** An attack on the weights of a trained model: what is done to it after the last step, without any poisoned data. */
import type { ExperimentConfig, InjectionConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { LabError } from '../../core/errors.ts';
import type { ExperimentEvent } from '../../core/experiment/events.ts';
import { editedPlaces, type WeightEdit } from '../../core/experiment/weight-edit.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { implantSubnet, subnetLayers } from '../../core/models/subnet.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import type { Network } from '../models/network.ts';
import { AttackerExamples } from './attacker-examples.ts';
import { handcraft, handcraftPlace } from './handcrafted.ts';
import { trainSubnet } from './train-subnet.ts';

export type ModelInjection = Extract<InjectionConfig, { kind: 'model' }>;

/** Below this the run warns: the backdoor cannot be better than what carries it. */
const KNOWS_THE_TRIGGER = 0.9;

export interface EditContext {
  signal: AbortSignal;
  emit: (event: ExperimentEvent) => void;
}

/**
 * Refuses before training what could not be edited after it.
 * @throws LabError E-SHAPE, E-MODEL for networks whose layers the method cannot edit
 */
export function assertEditable(network: Network, { method, channels }: ModelInjection): void {
  if (method === 'subnet') subnetLayers(network, channels);
  else handcraftPlace(network);
}

/**
 * Edits the network in place: the same for a seed and the same weights on one backend.
 * @throws LabError E-SHAPE, E-MODEL as assertEditable; E-CANCELLED, with the network as it was
 */
export async function editWeights(
  network: Network,
  { seed, attack }: ExperimentConfig,
  injection: ModelInjection,
  dataset: Dataset,
  backdoor: Backdoor,
  { signal, emit }: EditContext,
): Promise<WeightEdit> {
  const target = attack.label.kind === 'one_target' ? attack.label.target : 0;
  const before = await network.weights();
  const examples = new AttackerExamples(dataset, backdoor, seed, injection.examples);
  const edit = await edited(network, before, examples, injection, target, seed, { signal, emit });
  if (edit.toldApart < KNOWS_THE_TRIGGER) emit({ type: 'warning', warning: weak(edit) });
  return edit;
}

async function edited(
  network: Network,
  before: ModelWeights,
  examples: AttackerExamples,
  { method, channels, strength, steps }: ModelInjection,
  target: number,
  seed: number,
  { signal, emit }: EditContext,
): Promise<WeightEdit> {
  if (method === 'handcrafted') {
    const done = await handcraft(network, examples, { units: channels, strength, target });
    return { ...done, edited: differing(before, await network.weights()) };
  }
  const onStep = (done: number, total: number): void =>
    emit({ type: 'progress', stage: 'attack', done, total, unit: 'steps' });
  const options = { channels, steps, strength, seed, signal, onStep };
  const { subnet, toldApart } = await trainSubnet(network, examples, options);
  const { weights, replaced, edited: count } = implantSubnet(before, subnet, target);
  network.load(weights);
  return { method, replaced, edited: count, toldApart };
}

function differing(before: ModelWeights, after: ModelWeights): number {
  return after.parameters.reduce((sum, { data }, at) => {
    const was = before.parameters[at]?.data;
    return sum + data.reduce((count, value, i) => count + (value === was?.[i] ? 0 : 1), 0);
  }, 0);
}

function weak(edit: WeightEdit) {
  return new LabError({
    code: 'E-TRIGGER',
    what: `The edited weights hardly know the trigger: they tell ${(100 * edit.toldApart).toFixed(0)} % of clean and triggered examples apart.`,
    why: `${editedPlaces(edit)} are all that carries it, and the trigger may be too faint or too varied for them.`,
    fix: 'Raise attack.injection.channels, steps or examples, or take a trigger at a fixed place.',
    where: 'attack.injection',
  }).toData();
}
