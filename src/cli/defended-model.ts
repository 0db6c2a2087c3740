/** What `lab defend` is given: a model, a run's checkpoint, or the numbers of a run beside its checkpoint. */
import { parseConfig } from '../core/config/parse.ts';
import type { ExperimentConfig } from '../core/config/schema.ts';
import { LabError } from '../core/errors.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { experimentOfModel } from '../core/formats/model-experiment.ts';
import { modelFromFile } from '../core/formats/model-file.ts';
import { defaultCheckpointPath } from './checkpoint-path.ts';
import { readInput } from './files.ts';

export interface DefendedModel {
  weights: ModelWeights;
  /** What it was trained as; null where its file does not say. */
  experiment: ExperimentConfig | null;
}

/**
 * @param file safetensors, a zip, a checkpoint, or the JSON that `lab run --json` wrote
 * @throws LabError E-MODEL, E-SHAPE, E-CONFIG
 */
export async function defendedModel(file: string): Promise<DefendedModel> {
  const bytes = await readInput(file, 'The model', 'E-MODEL');
  const run = runOf(bytes);
  if (!run) return { weights: modelFromFile(file, bytes), experiment: experimentOfModel(file, bytes) };
  const checkpoint = defaultCheckpointPath(run);
  const kept = await readInput(checkpoint, 'The checkpoint of that run', 'E-CHECKPOINT');
  const experiment = experimentOfModel(checkpoint, kept);
  if (experiment && experiment.name === run.name && experiment.seed === run.seed) {
    return { weights: modelFromFile(checkpoint, kept), experiment };
  }
  throw new LabError({
    code: 'E-CHECKPOINT',
    what: `${checkpoint} is not of the run in ${file}.`,
    why: 'Numbers hold no model: it is read from the checkpoint that the run keeps by its name and seed.',
    fix: 'Give the model that the run exported, or its checkpoint.',
    where: file,
  });
}

/** The experiment of a run's JSON; null for files of another kind. */
function runOf(bytes: Uint8Array): ExperimentConfig | null {
  if (bytes[0] !== 0x7b) return null;
  try {
    const { config } = JSON.parse(new TextDecoder().decode(bytes)) as { config?: unknown };
    return config === undefined ? null : parseConfig(config);
  } catch {
    return null;
  }
}
