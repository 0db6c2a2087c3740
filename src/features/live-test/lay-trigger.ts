import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { LabError } from '../../core/errors.ts';
import { isForImages } from '../../core/synthesizers/create.ts';
import { stampPreview } from '../trigger-painter/preview-stamps.ts';

/** Whether the trigger of an experiment is something that can be laid on an image. */
export function canBeLaid({ attack }: ExperimentConfig): boolean {
  // One that is learned is kept with the model of its run, which the experiment does not know.
  return isForImages(attack.synthesizer) && attack.synthesizer.kind !== 'input_aware';
}

/** Whether its place, size or light is another each time. */
export function isDrawnAnew({ attack: { synthesizer } }: ExperimentConfig): boolean {
  return 'placement' in synthesizer ? synthesizer.placement.kind === 'random' : synthesizer.kind === 'object';
}

/**
 * The image with the trigger of the experiment, as in evaluation.
 * @param pixels [height, width, channels], 0 to 255
 * @param place another number is another place, size or light, where those are drawn
 * @throws LabError E-TRIGGER when it does not fit
 */
export function withTrigger(
  { attack, seed }: ExperimentConfig,
  shape: ImageShape,
  pixels: Uint8Array,
  place: number,
): Uint8Array {
  const stamped = stampPreview(attack.synthesizer, shape, { images: pixels, labels: [0] }, place, seed);
  if (!stamped.ok) throw LabError.fromData(stamped.error);
  return stamped.images;
}

/** The class that the backdoor wants of any image; null where that depends on the image. */
export function wantedClass({ attack: { label } }: ExperimentConfig): number | null {
  return label.kind === 'one_target' ? label.target : null;
}
