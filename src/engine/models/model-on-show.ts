/** A model that is tried out on single images, many times a second. */
import { type ImageInfo, pixelsPerImage } from '../../core/datasets/dataset.ts';
import { LabError } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { gatherImages, heldImages } from '../../core/training/images.ts';
import { currentDevice, DeviceWatch } from '../backend/device-watch.ts';
import { probabilitiesOf } from '../parallel/perform.ts';
import { Network } from './network.ts';

/** Whoever creates one disposes it. */
export class ModelOnShow {
  private readonly network: Network;

  /** @throws LabError as Network refuses weights */
  constructor(
    weights: ModelWeights,
    private readonly info: ImageInfo,
  ) {
    this.network = new Network(weights);
  }

  /**
   * What it says of an image: probabilities [classes].
   * @param pixels [height, width, channels] of the data set's shape, 0 to 255
   * @throws LabError E-SHAPE for an image of another size, E-GPU-LOST
   */
  async look(pixels: Uint8Array): Promise<Float32Array> {
    const size = pixelsPerImage(this.info.shape);
    if (pixels.length !== size) {
      throw new LabError({
        code: 'E-SHAPE',
        what: `The image has ${pixels.length} values and not ${size}.`,
        why: 'The model takes images of one size.',
        fix: 'Open the model again.',
      });
    }
    const plan = { index: 0, stamp: null, label: 0 };
    const { images } = gatherImages(this.info, heldImages(this.info, pixels), [plan]);
    return new DeviceWatch(currentDevice()).guard(probabilitiesOf(this.network, images, 1));
  }

  dispose(): void {
    this.network.dispose();
  }
}
