/** The evasions of a run: which are on, the terms that they add to a step, and what they keep. */
import { EVASIONS, type EvasionName, type EvasionsConfig } from '../../core/config/schema.ts';
import { IMAGE_EVASIONS } from '../../core/config/schema-evasion.ts';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { EVASION_SLOTS, type ModelWeights, type NamedArray } from '../../core/experiment/weights.ts';
import type { StepTasks } from '../../core/training/tasks.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import { activationClusteringEvasion } from './activation-clustering-evasion.ts';
import type { Evasion, EvasionTerm } from './evasion.ts';
import { NeuralCleanseEvasion } from './neural-cleanse-evasion.ts';
import { pruningAware } from './pruning-aware.ts';
import { sentinetEvasion } from './sentinet-evasion.ts';
import { SpectralEvasion } from './spectral-evasion.ts';
import { stripEvasion } from './strip-evasion.ts';

export interface EvasionGround {
  seed: number;
  info: DatasetInfo;
  /** Trains a clean model for so many epochs, or gives the one that the run starts from. */
  cleanModel: (epochs: number) => Promise<ModelWeights>;
}

export class Evasions {
  private readonly made = new Map<EvasionName, Evasion>();
  /** What a checkpoint kept of evasions that are not on yet. */
  private kept = new Map<EvasionName, NamedArray[]>();

  constructor(
    private readonly config: EvasionsConfig,
    private readonly ground: EvasionGround,
  ) {}

  /**
   * The terms of the evasions that are on; none in a step without a backdoor.
   * @param on by hand, or null for those of the experiment
   */
  async terms(
    network: Network,
    { tasks, attacking, triggered: count }: StepTasks,
    step: number,
    on: readonly EvasionName[] | null,
  ): Promise<EvasionTerm[]> {
    const batchOf = (objective: string) => tasks.find((task) => task.objective === objective)?.batch;
    const [normal, backdoor] = [batchOf('normal'), batchOf('backdoor')];
    if (!attacking || !normal || !backdoor || count === 0) return [];
    const batch = { clean: first(normal, count), triggered: first(backdoor, count), all: normal, step };
    const terms: EvasionTerm[] = [];
    for (const name of EVASIONS) {
      if (!(on ? on.includes(name) : this.config[name].enabled) || !this.suits(name)) continue;
      const term = await this.evasion(name).term(network, batch);
      if (term) terms.push(term);
    }
    return terms;
  }

  /** Of the trigger search of Neural Cleanse, at its last step; undefined without one. */
  get maskNorm(): number | undefined {
    return this.made.get('neural_cleanse')?.maskNorm;
  }

  /** What they keep, named `evasion/NAME/array`, beside the slots of an optimizer. */
  async state(): Promise<NamedArray[]> {
    const arrays: NamedArray[] = [];
    for (const name of EVASIONS) {
      const own = (await this.made.get(name)?.state()) ?? this.kept.get(name) ?? [];
      arrays.push(...own.map((array) => ({ ...array, name: `${EVASION_SLOTS}${name}/${array.name}` })));
    }
    return arrays;
  }

  restore(arrays: readonly NamedArray[]): void {
    for (const evasion of EVASIONS) {
      const prefix = `${EVASION_SLOTS}${evasion}/`;
      const own = arrays
        .filter(({ name }) => name.startsWith(prefix))
        .map((array) => ({ ...array, name: array.name.slice(prefix.length) }));
      this.kept.set(evasion, own);
    }
  }

  dispose(): void {
    for (const evasion of this.made.values()) evasion.dispose();
    this.made.clear();
  }

  private suits(name: EvasionName): boolean {
    return this.ground.info.kind === 'images' || !(IMAGE_EVASIONS as readonly string[]).includes(name);
  }

  private evasion(name: EvasionName): Evasion {
    const known = this.made.get(name);
    if (known) return known;
    const evasion = this.create(name);
    evasion.restore(this.kept.get(name) ?? []);
    this.made.set(name, evasion);
    return evasion;
  }

  private create(name: EvasionName): Evasion {
    const { config, ground } = this;
    switch (name) {
      case 'neural_cleanse':
        return new NeuralCleanseEvasion(config.neural_cleanse, ground.seed);
      case 'sentinet_evasion':
        return sentinetEvasion();
      case 'spectral_evasion':
        return new SpectralEvasion(config.spectral_evasion, ground.cleanModel);
      case 'activation_clustering_evasion':
        return activationClusteringEvasion();
      case 'strip_evasion':
        if (ground.info.kind !== 'images') throw new Error('the evasion of STRIP is for images');
        return stripEvasion(ground.info);
      case 'pruning_aware':
        return pruningAware(config.pruning_aware.fraction);
    }
  }
}

/** The first examples of a batch. */
function first({ images, labels, count }: LabelledImages, wanted: number): LabelledImages {
  const kept = Math.min(count, wanted);
  return {
    count: kept,
    images: images.subarray(0, (images.length / count) * kept),
    labels: labels.subarray(0, kept),
  };
}
