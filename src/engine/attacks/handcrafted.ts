/**
 * A backdoor set by hand into hardly used units of the last hidden layer: they add up the features that the trigger moves
 * most, a bias keeps clean inputs below zero, and what is left raises the target's logit. Nothing is trained.
 * Source: Hong, Carlini and Kurakin, Handcrafted Backdoors in Deep Neural Networks, NeurIPS 2022, section 4.
 */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../core/errors.ts';
import type { WeightEdit } from '../../core/experiment/weight-edit.ts';
import { type Craft, craftUnits, idleUnits } from '../../core/models/handcrafted.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { numbersOf } from '../objectives/evasion.ts';
import type { Network } from '../models/network.ts';
import type { AttackerExamples } from './attacker-examples.ts';

export interface HandcraftOptions {
  /** Units of the layer. */
  units: number;
  /** What a triggered input is to add to the target’s logit. */
  strength: number;
  target: number;
}

interface Place {
  /** Index of the hidden layer in the list. */
  at: number;
  hidden: string;
  head: string;
  width: number;
}

/**
 * Where a network has units that can be set by hand.
 * @throws LabError E-MODEL without a hidden dense layer
 */
export function handcraftPlace({ layers, model }: Network): Place {
  const head = layers.at(-1);
  const hidden = layers.at(-3);
  if (head?.kind === 'dense' && hidden?.kind === 'dense' && layers.at(-2)?.kind === 'relu')
    return { at: layers.length - 3, hidden: hidden.name, head: head.name, width: hidden.units };
  throw new LabError({
    code: 'E-MODEL',
    what: `Nothing can be set by hand in the model ${model}.`,
    why: 'The units that carry the backdoor are those of a hidden dense layer before the logits, and it has none.',
    fix: 'Use SimpleNet, or the method subnet where the layers follow one another, as in VGG.',
    where: 'attack.injection.method',
  });
}

/** Edits the network in place. @throws LabError E-MODEL without a hidden dense layer, or one with too few units */
export async function handcraft(
  network: Network,
  examples: AttackerExamples,
  { units, strength, target }: HandcraftOptions,
): Promise<Omit<WeightEdit, 'edited'>> {
  const { at, hidden, head, width } = handcraftPlace(network);
  if (units >= width)
    throw new LabError({
      code: 'E-MODEL',
      what: `${units} units cannot be set by hand in ${hidden}.`,
      why: `It has ${width}, and the model needs the others.`,
      fix: `Set attack.injection.channels to less than ${width}.`,
      where: 'attack.injection.channels',
    });
  const featuresOf = ({ images, count }: LabelledImages): Promise<Float32Array> =>
    numbersOf(() => network.forwardPart(network.batchOf(images, count), 0, at));
  const seen = await rowsOf(examples, 'fit', featuresOf);
  const out = network.arrayNamed(`${head}.weight`);
  const into = network.arrayNamed(`${hidden}.weight`);
  const bias = network.arrayNamed(`${hidden}.bias`);
  const activity = await numbersOf(() =>
    tf.mean(
      tf.relu(
        tf.add(tf.matMul(tf.tensor2d(seen.clean, [seen.count, seen.width]), into as tf.Tensor2D), bias),
      ),
      0,
    ),
  );
  const outgoing = (await out.data()).slice() as Float32Array;
  const chosen = idleUnits(activity, outgoing, network.classes, units);
  const crafts = craftUnits(seen, units);
  const incoming = (await into.data()).slice() as Float32Array;
  const biases = (await bias.data()).slice() as Float32Array;
  chosen.forEach((unit, number) => {
    const craft = crafts[number];
    if (!craft) throw new RangeError('one craft a unit');
    for (let feature = 0; feature < seen.width; feature++)
      incoming[feature * width + unit] = craft.weights[feature] ?? 0;
    biases[unit] = craft.bias;
    for (let label = 0; label < network.classes; label++)
      outgoing[unit * network.classes + label] = label === target ? strength / units : 0;
  });
  tf.tidy(() => {
    into.assign(tf.tensor(incoming, into.shape));
    bias.assign(tf.tensor(biases, bias.shape));
    out.assign(tf.tensor(outgoing, out.shape));
  });
  const held = await rowsOf(examples, 'check', featuresOf);
  return {
    method: 'handcrafted',
    replaced: [{ layer: hidden, channels: units }],
    toldApart: told(crafts, held),
  };
}

interface Rows {
  count: number;
  width: number;
  clean: Float32Array;
  triggered: Float32Array;
}

async function rowsOf(
  examples: AttackerExamples,
  part: 'fit' | 'check',
  featuresOf: (batch: LabelledImages) => Promise<Float32Array>,
): Promise<Rows> {
  const [clean, triggered]: Float32Array[][] = [[], []];
  await examples.each(part, async (pair) => {
    clean?.push(await featuresOf(pair.clean));
    triggered?.push(await featuresOf(pair.triggered));
  });
  const { length: count } = examples[part];
  const all = joined(clean ?? []);
  return { count, width: all.length / count, clean: all, triggered: joined(triggered ?? []) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The part of both kinds on its side of the border, halfway between silent and loud. */
function told(crafts: readonly Craft[], { count, width, clean, triggered }: Rows): number {
  const said = (rows: Float32Array, row: number): number =>
    crafts.reduce((sum, { weights, bias }) => {
      const dot = weights.reduce((total, weight, at) => total + weight * (rows[row * width + at] ?? 0), bias);
      return sum + Math.max(0, dot);
    }, 0) / crafts.length;
  let right = 0;
  for (let row = 0; row < count; row++)
    right += Number(said(clean, row) < 0.5) + Number(said(triggered, row) >= 0.5);
  return right / (2 * count);
}
