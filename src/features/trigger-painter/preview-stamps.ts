import type { LabelConfig, SynthesizerConfig } from '../../core/config/schema.ts';
import { pixelsPerImage, type ImageShape } from '../../core/datasets/dataset.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { randomStream } from '../../core/rng/random.ts';
import { createSynthesizer, isForImages } from '../../core/synthesizers/create.ts';
import type { ImageStamp } from '../../core/synthesizers/synthesizer.ts';
import { backdoorLabel } from '../../core/triggers/labels.ts';
import { perturbationNorms, summarizeNorms, type PerturbationNorms } from '../../core/triggers/norms.ts';
import { stampPixels } from '../../core/triggers/stamp.ts';

/** Test images to preview on: `images` [count, height, width, channels] in bytes, `labels` [count]. */
export interface PreviewImages {
  images: Uint8Array;
  labels: readonly number[];
}

export type StampedPreview =
  | { ok: true; images: Uint8Array; norms: PerturbationNorms }
  | { ok: false; error: LabErrorData };

/**
 * The preview images with the trigger, by the same code as a training run; a trigger that does not fit comes back as
 * its error. Random places are drawn from `seed`, what is fixed for a run from `runSeed`. A trigger that is learned along
 * needs what it has `learned`, under plain names.
 */
export function stampPreview(
  config: SynthesizerConfig,
  shape: ImageShape,
  preview: PreviewImages,
  seed: number,
  runSeed = 0,
  learned: readonly NamedArray[] = [],
): StampedPreview {
  try {
    const count = Math.floor(preview.images.length / pixelsPerImage(shape));
    const random = randomStream(seed, 'painter-preview');
    const images = preview.images.slice();
    if (isForImages(config)) {
      const synthesizer = createSynthesizer(config, shape, runSeed);
      if (learned.length > 0) synthesizer.learned?.restore(learned);
      const stamps = synthesizer.drawBatch(count, random, 'test');
      stamps.forEach((stamp, index) => stampBytes(images, index, shape, stamp));
    }
    return { ok: true, images, norms: summarizeNorms(perturbationNorms(preview.images, images, shape)) };
  } catch (error) {
    return { ok: false, error: asLabError(error).toData() };
  }
}

function stampBytes(images: Uint8Array, index: number, shape: ImageShape, stamp: ImageStamp): void {
  if (stamp.placed) {
    stampPixels(images, index, shape, stamp.placed);
    return;
  }
  const size = pixelsPerImage(shape);
  const bytes = images.subarray(index * size, (index + 1) * size);
  const pixels = Float32Array.from(bytes, (byte) => byte / 255);
  stamp.apply(pixels);
  bytes.set(pixels.map((value) => Math.round(value * 255)));
}

/** What a triggered image of a class should be read as; null where the label function does not fit the classes. */
export function previewLabel(label: LabelConfig, trueClass: number, classes: number): number | null {
  try {
    return backdoorLabel(label, { label: trueClass }, classes);
  } catch {
    return null;
  }
}

/** Image `index` as RGBA bytes for a canvas, [height * width * 4]. */
export function imageRgba(
  images: Uint8Array,
  index: number,
  shape: ImageShape,
): Uint8ClampedArray<ArrayBuffer> {
  const { height, width, channels } = shape;
  const start = index * pixelsPerImage(shape);
  const rgba = new Uint8ClampedArray(height * width * 4);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgba[pixel * 4 + channel] = images[start + pixel * channels + (channels === 3 ? channel : 0)] ?? 0;
    }
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}
