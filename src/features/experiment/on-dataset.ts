import { optimizer } from '../../core/config/schema-optimizer.ts';
import { defaultConfig, type ExperimentConfig, placedTrigger } from '../../core/config/schema.ts';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import { suits } from '../../core/synthesizers/create.ts';
import { wordTrigger } from '../../core/synthesizers/words.ts';

/** What a model for each kind of data is, and how it is trained, where the chosen one is for the other kind. */
const START = {
  images: { model: defaultConfig.task.model, optimizer: defaultConfig.training.optimizer },
  text: {
    model: 'text_cnn',
    optimizer: optimizer.parse({ kind: 'adam' }),
  },
} as const satisfies Record<
  DatasetInfo['kind'],
  Pick<ExperimentConfig['task'], 'model'> & Pick<ExperimentConfig['training'], 'optimizer'>
>;

/**
 * The experiment on another data set. Where that is of another kind, images or texts, it gets a model, an optimizer, a
 * trigger and a label that suit it; else nothing but the data set changes.
 */
export function onDataset(
  config: ExperimentConfig,
  { id, kind }: Pick<DatasetInfo, 'id' | 'kind'>,
): ExperimentConfig {
  const moved: ExperimentConfig = { ...config, task: { ...config.task, dataset: id } };
  if (architectureOf(config.task.model).input === kind) return moved;
  const start = START[kind];
  const { attack } = config;
  const synthesizer = suits(attack.synthesizer.kind, kind)
    ? attack.synthesizer
    : kind === 'text'
      ? wordTrigger()
      : placedTrigger();
  return {
    ...moved,
    task: { ...moved.task, model: start.model, weights: 'random', frozen: [] },
    training: { ...config.training, optimizer: start.optimizer },
    attack: {
      ...attack,
      synthesizer,
      // Every data set has classes 0 and 1; what other labels want is not known of it.
      label: { kind: 'one_target', target: 1 },
      others: attack.others.filter((other) => suits(other.synthesizer.kind, kind)),
    },
  };
}
