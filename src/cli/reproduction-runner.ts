import { availableParallelism } from 'node:os';
import { parseConfig } from '../core/config/parse.ts';
import type { ExperimentInput } from '../core/config/schema.ts';
import type { Dataset } from '../core/datasets/dataset.ts';
import type { Evaluation } from '../core/experiment/events.ts';
import type { Reproduction } from '../core/experiment/reproductions.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend } from '../engine/backend/choose.ts';
import { RunController } from '../engine/training/controller.ts';
import { runExperiment } from '../engine/training/run.ts';
import { loadFromFolder, loadShippedModel, PREPARED_DATA } from './data-files.ts';
import { listKept } from './kept-datasets.ts';
import { rememberInFile } from './measurement-file.ts';
import type { ReproductionRecord, Training } from './reproduction-record.ts';
import { trainingKey } from './reproduction-record.ts';
import { spawnHelperThread } from './spawn-helper-thread.ts';

/** One seed of an attack beside the same training without it. */
export interface Trial {
  control: Training;
  attacked: Training;
}

export interface RunnerOptions {
  data?: string | undefined;
  threads?: number | undefined;
  /** Train nothing: only what the record has. */
  kept?: boolean | undefined;
  /** Laid over every experiment. */
  overlay?: ExperimentInput | undefined;
}

/** Runs experiments one after another; what the record has is not run again, so attacks share a control. */
export class ReproductionRunner {
  private readonly names = new Map<string, string>();
  /** The last that was used: most experiments share it. */
  private dataset: Dataset | null = null;

  constructor(
    private readonly options: RunnerOptions,
    private readonly record: ReproductionRecord,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @returns null where nothing is to be trained and the record lacks it
   * @throws LabError whatever a run is refused with, E-DATASET for a data set that is not here, E-CANCELLED
   */
  async trial(reproduction: Reproduction, seed: number): Promise<Trial | null> {
    const attack = reproduction.config;
    const control = { ...attack, name: 'Clean control', attack: { enabled: false } };
    const withoutAttack = await this.training(control, seed);
    const attacked = await this.training(attack, seed);
    return withoutAttack && attacked && { control: withoutAttack, attacked };
  }

  /**
   * One experiment by itself, its seed in it.
   * @returns null where nothing is to be trained and the record lacks it
   * @throws LabError as `trial` does
   */
  async training(given: ExperimentInput, seed: number): Promise<Training | null> {
    const experiment = laidOver({ ...given, seed }, this.options.overlay);
    const config = parseConfig(experiment);
    const dataset = await this.datasetFor(config.task.dataset);
    const key = trainingKey(experiment, dataset);
    const known = this.record.find(key);
    if (known) return known;
    if (this.options.kept === true) return null;
    const before = process.cpuUsage();
    const task = { ...config.task, dataset };
    const { evaluation, backend } = await this.run(parseConfig({ ...config, task }));
    const { user, system } = process.cpuUsage(before);
    const backdoors = [evaluation, ...evaluation.others];
    const training: Training = {
      key,
      name: config.name,
      seed,
      dataset,
      date: new Date().toISOString().slice(0, 10),
      backend,
      clean: evaluation.cleanAccuracy,
      attackSuccess: backdoors.map(({ attackSuccess }) => attackSuccess),
      robust: backdoors.map(({ robustAccuracy }) => robustAccuracy),
      cpuSeconds: (user + system) / 1e6,
    };
    await this.record.keep(training);
    return training;
  }

  /** The data set itself, or else one that was added under a name that begins like it: cifar10 by custom-cifar-10-sample. */
  private async datasetFor(id: string): Promise<string> {
    const known = this.names.get(id);
    if (known !== undefined) return known;
    const bare = (name: string): string => name.replace(/^custom-/, '').replaceAll(/[^a-z0-9]/g, '');
    const kept = (await listKept()).map((one) => one.id);
    const added = kept.find((name) => name.startsWith('custom-') && bare(name).startsWith(bare(id)));
    const found = kept.includes(id) ? id : (added ?? id);
    this.names.set(id, found);
    return found;
  }

  private async run(
    config: ReturnType<typeof parseConfig>,
  ): Promise<{ evaluation: Evaluation; backend: string }> {
    const threads = this.options.threads ?? Math.min(4, availableParallelism());
    const { evaluation, backend } = await runExperiment(config, {
      signal: this.signal,
      emit: () => undefined,
      storage: null,
      controller: new RunController(),
      checkpoint: null,
      importedWeights: null,
      onNan: 'throw',
      helpers: { spawn: spawnHelperThread, count: threads - 1 },
      prepareBackend: (choice) => chooseBackend(choice, nodeAssets, rememberInFile()),
      loadDataset: async (id, onProgress, signal) => {
        if (this.dataset?.info.id !== id) {
          this.dataset = await loadFromFolder(this.options.data ?? PREPARED_DATA, id, onProgress, signal);
        }
        return this.dataset;
      },
      loadPretrained: loadShippedModel,
    });
    if (!evaluation) throw new RangeError('a run to its end measures its model');
    return { evaluation, backend };
  }
}

function laidOver(config: ExperimentInput, overlay: ExperimentInput | undefined): ExperimentInput {
  if (!overlay) return config;
  return {
    ...config,
    ...overlay,
    training: { ...config.training, ...overlay.training },
    task: { ...config.task, ...overlay.task },
  };
}
