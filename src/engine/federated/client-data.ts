/** What a client trains on in a round: its own examples, and those that an attacker adds. */
import type { ExperimentConfig, SynthesizerConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { pick } from '../../core/datasets/subset.ts';
import { triggerPart } from '../../core/federated/trigger-parts.ts';
import { type Backdoor, backdoorsOf } from '../../core/training/backdoor.ts';
import { poisonedOnce, TaskSource } from '../../core/training/tasks.ts';
import type { StepTask } from '../../core/training/tasks.ts';

export interface ClientShare {
  /** Its examples, by their places in the training set. */
  examples: Uint32Array;
  /** Which of so many parts of the trigger it trains on; null for a client that does not attack. */
  part: { index: number; of: number } | null;
}

/**
 * The steps of a client in a round, epoch after epoch.
 * @param firstEpoch number of the first local epoch, which no other client of any round has
 */
export async function clientSteps(
  config: ExperimentConfig,
  dataset: Dataset,
  share: ClientShare,
  epochs: number,
  firstEpoch: number,
): Promise<StepTask[][][]> {
  const places = withFeature(config, share);
  const own = { ...dataset, train: pick(dataset, dataset.train, places) } as Dataset;
  const local = configOf(config, share, places);
  const backdoors: Backdoor[] = local.attack.enabled ? backdoorsOf(local, own) : [];
  const source = new TaskSource(local, own, backdoors, poisonedOnce(local, own, backdoors));
  const steps: StepTask[][][] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const batches: StepTask[][] = [];
    for (let batch = 0; batch < source.stepsPerEpoch; batch++)
      batches.push((await source.step(firstEpoch + epoch, batch, false)).tasks);
    steps.push(batches);
  }
  return steps;
}

/** An attacker with a semantic backdoor holds the examples that have its feature; nobody else trains on them. */
function withFeature({ attack }: ExperimentConfig, { examples, part }: ClientShare): Uint32Array {
  const semantic = [attack, ...attack.others].flatMap(({ synthesizer }) =>
    synthesizer.kind === 'semantic' ? [synthesizer] : [],
  );
  if (semantic.length === 0) return examples;
  const held = new Set(semantic.flatMap(({ train, test }) => [...train, ...test]));
  const rest = examples.filter((place) => !held.has(place));
  if (!part) return rest;
  return Uint32Array.from([...rest, ...semantic.flatMap(({ train }) => train)]);
}

function configOf(config: ExperimentConfig, { part }: ClientShare, places: Uint32Array): ExperimentConfig {
  const { attack } = config;
  const own = (synthesizer: SynthesizerConfig): SynthesizerConfig => {
    if (synthesizer.kind === 'semantic') {
      const wanted = new Set(synthesizer.train);
      const train = [...places.keys()].filter((at) => wanted.has(places[at] ?? -1));
      return { ...synthesizer, train, test: [] };
    }
    return part ? triggerPart(synthesizer, part.index, part.of) : synthesizer;
  };
  return {
    ...config,
    attack: {
      ...attack,
      enabled: attack.enabled && part !== null,
      synthesizer: own(attack.synthesizer),
      others: attack.others.map((other) => ({ ...other, synthesizer: own(other.synthesizer) })),
    },
  };
}
