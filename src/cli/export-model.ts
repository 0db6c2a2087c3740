import { configToYaml } from '../core/config/yaml-write.ts';
import { parseManifest } from '../core/datasets/manifest.ts';
import { LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { RunResult } from '../core/experiment/events.ts';
import { weightsToLayersModelZip } from '../core/formats/layers-model.ts';
import { weightsToSafetensors } from '../core/formats/model-safetensors.ts';
import { folderReader, PREPARED_DATA } from './data-files.ts';

/**
 * The trained model as a file: safetensors with PyTorch's names, or a zip with a TensorFlow.js LayersModel.
 * @param file its ending says which
 * @param latest the checkpoint at the end of the run
 * @param options half: safetensors in half precision, half the size
 * @throws LabError E-MODEL when the run left no finite weights
 */
export async function exportModel(
  file: string,
  result: RunResult,
  latest: Checkpoint | null,
  { dataFolder = PREPARED_DATA, half = false }: { dataFolder?: string; half?: boolean } = {},
): Promise<Uint8Array> {
  if (latest?.step !== result.steps) {
    throw new LabError({
      code: 'E-MODEL',
      what: 'The model cannot be exported.',
      why: 'Its weights are not finite numbers: the training diverged.',
      fix: 'Lower the learning rate, or leave training.nan_check on.',
    });
  }
  const { weights } = latest;
  const yaml = configToYaml(result.config);
  const { seed, steps, config } = result;
  if (!file.endsWith('.zip'))
    return weightsToSafetensors(
      weights,
      { seed: String(seed), steps: String(steps), config: yaml },
      half ? 'F16' : 'F32',
    );
  const name = `${config.task.dataset}/manifest.json`;
  const manifest = parseManifest(new TextDecoder().decode(await folderReader(dataFolder)(name)), name);
  const { mean, deviation, classes } = manifest.info;
  return weightsToLayersModelZip(weights, {
    seed,
    steps,
    config: yaml,
    mean,
    deviation,
    class_names: classes,
  });
}
