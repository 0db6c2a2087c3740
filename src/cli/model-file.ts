import type { ExperimentConfig } from '../core/config/schema.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { modelFromFile } from '../core/formats/model-file.ts';
import { readInput } from './files.ts';

/**
 * The model that a run is told to start from, by its command line or else by its experiment: safetensors, the zip of a
 * LayersModel or of a run, or a checkpoint. Null where there is none to read.
 * @param given the file of the command line
 * @throws LabError E-MODEL, E-SHAPE
 */
export async function broughtModel(
  given: string | undefined,
  { task }: ExperimentConfig,
): Promise<ModelWeights | null> {
  const file = given ?? (task.weights === 'imported' ? task.weights_file : null);
  return file === null ? null : modelFromFile(file, await readInput(file, 'The model', 'E-MODEL'));
}
