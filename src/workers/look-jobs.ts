/** A model that is tried out live: held in the worker, so that only images and probabilities go back and forth. */
import type { ExperimentConfig } from '../core/config/schema.ts';
import type { Dataset, ImageInfo } from '../core/datasets/dataset.ts';
import { LabError } from '../core/errors.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import type { ModelOnShow } from '../engine/models/model-on-show.ts';

/** Hold a model until the next is held. `config` says its data set and its backend. */
export interface HoldModelJob {
  kind: 'hold-model';
  weights: ModelWeights;
  config: ExperimentConfig;
}

/** What the held model says of an image. */
export interface LookJob {
  kind: 'look';
  /** As `hold-model` named it. */
  held: number;
  /** [height, width, channels], 0 to 255 */
  pixels: Uint8Array;
}

export interface HeldModel {
  held: number;
  info: ImageInfo;
}

export interface Look {
  /** [classes] */
  probabilities: Float32Array;
  milliseconds: number;
}

/** One at a time. */
export class ModelHolder {
  private model: ModelOnShow | null = null;
  private held = 0;

  /** @throws LabError E-DATASET for texts, E-SHAPE for a model of another data set, E-MODEL */
  async hold(weights: ModelWeights, dataset: Dataset): Promise<HeldModel> {
    const { info } = dataset;
    if (info.kind !== 'images') throw onlyImages(info.title);
    const { assertTakes } = await import('../engine/training/evaluate.ts');
    const { ModelOnShow } = await import('../engine/models/model-on-show.ts');
    assertTakes(weights, dataset);
    const next = new ModelOnShow(weights, info);
    this.model?.dispose();
    this.model = next;
    return { held: ++this.held, info };
  }

  /** @throws LabError E-WORKER when another model is held, or none; E-SHAPE */
  async look({ held, pixels }: LookJob): Promise<Look> {
    if (!this.model || held !== this.held) throw gone();
    const started = performance.now();
    const probabilities = await this.model.look(pixels);
    return { probabilities, milliseconds: performance.now() - started };
  }
}

function onlyImages(title: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${title} holds texts.`,
    why: 'The camera and photos give images.',
    fix: 'Train a model on images.',
    where: 'task.dataset',
  });
}

function gone(): LabError {
  return new LabError({
    code: 'E-WORKER',
    what: 'The worker does not hold the model any more.',
    why: 'It was started anew, or another model was opened.',
    fix: 'Take the model as it is now.',
  });
}
