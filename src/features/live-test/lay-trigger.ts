import type { ExperimentConfig, SynthesizerConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { LabError } from '../../core/errors.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { isForImages } from '../../core/synthesizers/create.ts';
import { inputAware } from '../../core/synthesizers/input-aware.ts';
import { learnedBy } from '../../core/training/backdoor.ts';
import { stampPreview } from '../trigger-painter/preview-stamps.ts';

/** A trigger that can be laid on an image. */
export interface LayableTrigger {
  synthesizer: SynthesizerConfig;
  /** What it has learned; empty where nothing is. */
  learned: readonly NamedArray[];
  /** Of the experiment: fixes what is the same for a whole run. */
  seed: number;
}

/**
 * The trigger of the first backdoor, as something that can be laid on an image; null where it is nothing of that kind, or
 * one that is learned and the model does not carry. One that the model carries is taken also where the experiment, which may
 * be another one's, has another.
 * @param carried by the model: what its triggers have learned
 */
export function layableTrigger(
  { attack, seed }: ExperimentConfig,
  carried: readonly NamedArray[] = [],
): LayableTrigger | null {
  const learned = learnedBy(1, carried);
  const { synthesizer } = attack;
  if (learned.length === 0)
    return isForImages(synthesizer) && synthesizer.kind !== 'input_aware'
      ? { synthesizer, learned, seed }
      : null;
  const own = synthesizer.kind === 'input_aware';
  return { synthesizer: own ? synthesizer : inputAware.params.parse({ kind: 'input_aware' }), learned, seed };
}

/** Whether its place, size or light is another each time. */
export function isDrawnAnew({ synthesizer }: LayableTrigger): boolean {
  return 'placement' in synthesizer ? synthesizer.placement.kind === 'random' : synthesizer.kind === 'object';
}

/**
 * The image with the trigger, as in evaluation.
 * @param pixels [height, width, channels], 0 to 255
 * @param place another number is another place, size or light, where those are drawn
 * @throws LabError E-TRIGGER when it does not fit, or was learned for other images
 */
export function withTrigger(
  { synthesizer, learned, seed }: LayableTrigger,
  shape: ImageShape,
  pixels: Uint8Array,
  place: number,
): Uint8Array {
  const stamped = stampPreview(synthesizer, shape, { images: pixels, labels: [0] }, place, seed, learned);
  if (!stamped.ok) throw LabError.fromData(stamped.error);
  return stamped.images;
}

/** The class that the backdoor wants of any image; null where that depends on the image. */
export function wantedClass({ attack: { label } }: ExperimentConfig): number | null {
  return label.kind === 'one_target' ? label.target : null;
}
