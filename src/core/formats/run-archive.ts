import type { ModelWeights } from '../experiment/weights.ts';
import type { Trigger } from '../triggers/trigger.ts';
import { weightsToSafetensors } from './model-safetensors.ts';
import { encodePng } from './png.ts';
import type { CardInput } from './run-card.ts';
import { cardToJson, cardToMarkdown } from './run-card.ts';
import type { RunRecord } from './run-export.ts';
import { evaluationsToCsv, runToJson, stepsToCsv } from './run-export.ts';
import { triggerPicture } from './trigger-picture.ts';
import { writeZip } from './zip.ts';

export interface ArchiveInput extends RunRecord, Omit<CardInput, 'triggerFile' | 'result'> {
  /** The picture of the trigger: a PNG file, or the trigger to draw; null without one. */
  trigger: Uint8Array | Trigger | null;
  /** The trained model; null leaves it out. */
  weights: ModelWeights | null;
}

/** The files of a run by name: what {@link runArchive} zips. */
export function runFiles(input: ArchiveInput): Map<string, Uint8Array> {
  const { trigger, weights, result } = input;
  const text = new TextEncoder();
  const card: CardInput = { ...input, triggerFile: trigger === null ? null : 'trigger.png' };
  const files = new Map<string, Uint8Array>([
    ['card.md', text.encode(cardToMarkdown(card))],
    ['card.json', text.encode(cardToJson(card))],
    ['config.yaml', text.encode(input.yaml)],
    ['run.json', text.encode(runToJson(input))],
    ['steps.csv', text.encode(stepsToCsv(input.steps))],
    ['evaluations.csv', text.encode(evaluationsToCsv(input.evaluations))],
  ]);
  if (trigger !== null) {
    files.set('trigger.png', trigger instanceof Uint8Array ? trigger : encodePng(triggerPicture(trigger)));
  }
  if (weights !== null) {
    const metadata = { seed: String(result.seed), steps: String(result.steps), config: input.yaml };
    files.set('model.safetensors', weightsToSafetensors(weights, metadata));
  }
  return files;
}

/** A run to take home: a zip of its card, config, numbers, trigger and model. Equal input gives equal bytes. */
export function runArchive(input: ArchiveInput): Uint8Array {
  return writeZip(runFiles(input));
}
