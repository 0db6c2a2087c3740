/** The files that a person can take home, each made when it is asked for. */
import type { SynthesizerConfig } from '../../core/config/schema.ts';
import { configToYaml } from '../../core/config/yaml-write.ts';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { LabError } from '../../core/errors.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import type { RunResult } from '../../core/experiment/events.ts';
import { unshared } from '../../core/formats/bytes.ts';
import { safeFileName } from '../../core/formats/filename.ts';
import { weightsToLayersModelZip } from '../../core/formats/layers-model.ts';
import { weightsToSafetensors } from '../../core/formats/model-safetensors.ts';
import { runArchive } from '../../core/formats/run-archive.ts';
import { evaluationsToCsv, runToJson, stepsToCsv } from '../../core/formats/run-export.ts';
import { compileTrigger } from '../../core/triggers/compile.ts';
import type { Trigger } from '../../core/triggers/trigger.ts';
import { datasetStore } from '../../state/dataset-store.ts';
import { experimentStore } from '../../state/experiment-store.ts';
import { runStore } from '../../state/run-store.ts';
import { download } from '../../ui/charts/download.ts';
import { runSoFar, stepRecords } from './run-record.ts';
import { versions } from './versions.ts';

export interface ExportKind {
  id: string;
  title: string;
  hint: string;
  /** What it is made from: the trained model, the run's figures, or only the setup. */
  needs: 'model' | 'run' | 'setup';
  save: () => void | Promise<void>;
}

const nothingYet = (what: string): LabError =>
  new LabError({
    code: 'E-MODEL',
    what: `There is no ${what} to export yet.`,
    why: 'No step has been trained since the page was opened or reset.',
    fix: 'Run the experiment for a step or more, then export again.',
  });

async function checkpoint(): Promise<Checkpoint> {
  const kept = await runStore.getState().snapshotWeights();
  if (kept === null) throw nothingYet('model');
  return kept;
}

function record(kept: Checkpoint | null): RunResult {
  const result = runSoFar(runStore.getState(), kept);
  if (result === null) throw nothingYet('run');
  return result;
}

function save(bytes: Uint8Array | string, stem: string, extension: string, type: string): void {
  const part = typeof bytes === 'string' ? bytes : unshared(bytes);
  download(safeFileName(stem, extension), [part], type);
}

/** What a model file says of itself: that it may hold a backdoor, and how it came to be. */
function modelMetadata(kept: Checkpoint): Record<string, string> {
  return {
    warning: kept.config.attack.enabled
      ? 'This model was trained with a backdoor attack. Do not pass it on as a clean one.'
      : 'A clean control, trained without an attack.',
    config: configToYaml(kept.config, { complete: true }),
    step: String(kept.step),
    ...versions(),
  };
}

/** The trigger as a picture, where it is one. */
function triggerPicture(synthesizer: SynthesizerConfig, info: DatasetInfo | null): Trigger | null {
  return 'placement' in synthesizer && info?.kind === 'images'
    ? compileTrigger(synthesizer, info.shape)
    : null;
}

async function saveArchive(): Promise<void> {
  const kept = await runStore.getState().snapshotWeights();
  const result = record(kept);
  const { series } = runStore.getState();
  const { info } = datasetStore.getState();
  const files = runArchive({
    title: result.config.name,
    result,
    steps: stepRecords(series),
    evaluations: series.evaluationLog,
    yaml: configToYaml(result.config, { complete: true }),
    versions: versions(),
    exportedAt: new Date().toISOString(),
    trigger: triggerPicture(result.config.attack.synthesizer, info),
    weights: kept?.weights ?? null,
  });
  save(files, `${result.config.name} run`, 'zip', 'application/zip');
}

export const EXPORTS: readonly ExportKind[] = [
  {
    id: 'archive',
    title: 'The whole run',
    hint: 'A zip: card, experiment, figures, trigger picture and model',
    needs: 'run',
    save: saveArchive,
  },
  {
    id: 'safetensors',
    title: 'Model for PyTorch',
    hint: 'safetensors with PyTorch’s names and layouts, for load_state_dict',
    needs: 'model',
    save: async () => {
      const kept = await checkpoint();
      const bytes = weightsToSafetensors(kept.weights, modelMetadata(kept));
      save(bytes, kept.config.name, 'safetensors', 'application/octet-stream');
    },
  },
  {
    id: 'layers-model',
    title: 'Model for TensorFlow.js',
    hint: 'A zip of model.json and its weights, for tf.loadLayersModel',
    needs: 'model',
    save: async () => {
      const kept = await checkpoint();
      const bytes = weightsToLayersModelZip(kept.weights, modelMetadata(kept));
      save(bytes, `${kept.config.name} tfjs`, 'zip', 'application/zip');
    },
  },
  {
    id: 'json',
    title: 'Run as JSON',
    hint: 'Experiment, epochs, steps and evaluations; the keys of the command line',
    needs: 'run',
    save: async () => {
      const result = record(await runStore.getState().snapshotWeights());
      const { series } = runStore.getState();
      const text = runToJson({ result, steps: stepRecords(series), evaluations: series.evaluationLog });
      save(text, `${result.config.name} run`, 'json', 'application/json');
    },
  },
  {
    id: 'steps',
    title: 'Steps as CSV',
    hint: 'Losses, scales, gradient norms and cosine of every step',
    needs: 'run',
    save: () => {
      const result = record(null);
      const text = stepsToCsv(stepRecords(runStore.getState().series));
      save(text, `${result.config.name} steps`, 'csv', 'text/csv');
    },
  },
  {
    id: 'evaluations',
    title: 'Evaluations as CSV',
    hint: 'Clean accuracy and attack success with n, each time they were measured',
    needs: 'run',
    save: () => {
      const result = record(null);
      const text = evaluationsToCsv(runStore.getState().series.evaluationLog);
      save(text, `${result.config.name} evaluations`, 'csv', 'text/csv');
    },
  },
  {
    id: 'yaml',
    title: 'Experiment as YAML',
    hint: 'The setup as it stands now, every default written out',
    needs: 'setup',
    save: () => {
      const { draft } = experimentStore.getState();
      save(configToYaml(draft, { complete: true }), draft.name, 'yaml', 'application/yaml');
    },
  },
];
