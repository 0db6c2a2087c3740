import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseConfig } from '../core/config/parse.ts';
import type { ExperimentConfig, ExperimentInput } from '../core/config/schema.ts';
import type { Dataset } from '../core/datasets/dataset.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { Evaluation, RunResult } from '../core/experiment/events.ts';
import type { Reproduction } from '../core/experiment/reproductions.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend } from '../engine/backend/choose.ts';
import type { ControlCache } from '../engine/defenses/control.ts';
import { RunController } from '../engine/training/controller.ts';
import { runExperiment } from '../engine/training/run.ts';
import { cacheFolder } from './cache-folder.ts';
import { controlFolder } from './control-folder.ts';
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
  /** Where models are kept that defenses are run on; by default in the lab's cache folder. */
  models?: ControlCache | undefined;
}

/** A model beside its figures. */
export interface TrainedModel {
  training: Training;
  /** As it was run. */
  config: ExperimentConfig;
  /** Gives the model, from where it is kept or trained anew; null where nothing is to be trained. */
  weights: () => Promise<ModelWeights | null>;
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
    const { synthesizer, label } = attack.attack ?? {};
    // Of texts no pattern can be measured; the controls of images are shared by their attacks.
    const measured = synthesizer?.kind === 'words' ? { synthesizer, label } : {};
    const control = { ...attack, name: 'Clean control', attack: { ...measured, enabled: false } };
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
    const asked = await this.asked(given, seed);
    const known = this.record.find(asked.key);
    if (known) return known;
    if (this.options.kept === true) return null;
    return (await this.train(asked)).training;
  }

  /**
   * One experiment with its model, which is trained once and kept.
   * @returns null where nothing is to be trained and the record lacks its figures
   * @throws LabError as `trial` does
   */
  async model(given: ExperimentInput, seed: number): Promise<TrainedModel | null> {
    const asked = await this.asked(given, seed);
    const models = this.options.models ?? modelFolder();
    const load = async (): Promise<ModelWeights | null> => {
      const kept = await models.load(asked.key);
      return kept ?? (this.options.kept === true ? null : (await this.train(asked, models)).weights);
    };
    const known = this.record.find(asked.key);
    if (known) return { training: known, config: asked.config, weights: load };
    if (this.options.kept === true) return null;
    const { training } = await this.train(asked, models);
    return { training, config: asked.config, weights: load };
  }

  private async asked(given: ExperimentInput, seed: number): Promise<Asked> {
    const experiment = laidOver({ ...given, seed }, this.options.overlay);
    const config = parseConfig(experiment);
    const dataset = await this.datasetFor(config.task.dataset);
    const key = trainingKey(experiment, dataset);
    return { key, config: parseConfig({ ...config, task: { ...config.task, dataset } }) };
  }

  private async train(
    { key, config }: Asked,
    models: ControlCache | null = null,
  ): Promise<{ training: Training; weights: ModelWeights | null }> {
    const before = process.cpuUsage();
    const { evaluation, backend, privacy, weights } = await this.run(config);
    const { user, system } = process.cpuUsage(before);
    const backdoors = [evaluation, ...evaluation.others];
    const training: Training = {
      key,
      name: config.name,
      seed: config.seed,
      dataset: config.task.dataset,
      date: new Date().toISOString().slice(0, 10),
      backend,
      clean: evaluation.cleanAccuracy,
      attackSuccess: backdoors.map(({ attackSuccess }) => attackSuccess),
      robust: backdoors.map(({ robustAccuracy }) => robustAccuracy),
      ...(evaluation.crossTrigger && { crossTrigger: evaluation.crossTrigger }),
      cpuSeconds: (user + system) / 1e6,
      ...(privacy && { epsilon: privacy.epsilon }),
    };
    if (models && weights) await models.save(key, weights);
    await this.record.keep(training);
    return { training, weights };
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

  private async run(config: ExperimentConfig): Promise<Ran> {
    let last: Checkpoint | null = null;
    const threads = this.options.threads ?? Math.min(4, availableParallelism());
    const { evaluation, backend, privacy } = await runExperiment(config, {
      signal: this.signal,
      emit: () => undefined,
      storage: {
        save: (checkpoint) => Promise.resolve(void (last = checkpoint)),
        load: () => Promise.resolve(null),
      },
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
    return { evaluation, backend, privacy, weights: (last as Checkpoint | null)?.weights ?? null };
  }
}

interface Ran extends Pick<RunResult, 'backend' | 'privacy'> {
  evaluation: Evaluation;
  weights: ModelWeights | null;
}

interface Asked {
  key: string;
  config: ExperimentConfig;
}

const modelFolder = (): ControlCache => controlFolder(path.join(cacheFolder(), 'reproductions'));

function laidOver(config: ExperimentInput, overlay: ExperimentInput | undefined): ExperimentInput {
  if (!overlay) return config;
  return {
    ...config,
    ...overlay,
    training: { ...config.training, ...overlay.training },
    task: { ...config.task, ...overlay.task },
  };
}
