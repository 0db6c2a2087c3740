/** What keeps a draft from being run: refused values, conditions between keys, and the data and model it names. */
import { crossChecks } from '../../core/config/checks.ts';
import { checkAgainstDataset } from '../../core/config/dataset-check.ts';
import { dotted } from '../../core/config/problem.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { infoOfTask } from '../../core/datasets/subset.ts';

/** Data sets and models that the lab ships clean pretrained weights for. */
const PRETRAINED: readonly Pick<ExperimentConfig['task'], 'dataset' | 'model'>[] = [
  { dataset: 'mnist', model: 'simplenet' },
];

/** What is there for the experiment to use. */
export interface Supplies {
  /** Ids of the data sets of this browser; null while they are not listed yet. */
  datasets: readonly string[] | null;
  modelImported: boolean;
}

/** Problems by dotted path, each as one sentence or two. `info` is null while the data set is not known yet. */
export function draftProblems(
  config: ExperimentConfig,
  info: DatasetInfo | null,
  supplies: Supplies,
): Record<string, string> {
  const problems = missingSupplies(config, supplies);
  const fits =
    info !== null && info.id === config.task.dataset
      ? checkAgainstDataset(config, infoOfTask(info, config.task))
      : [];
  for (const { path, what, fix } of [...crossChecks(config), ...fits]) {
    const place = dotted(path);
    const sentence = what.startsWith(`${place}: `) ? what.slice(place.length + 2) : what;
    problems[place] ??= `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} ${fix}`.trim();
  }
  return problems;
}

function missingSupplies({ task }: ExperimentConfig, supplies: Supplies): Record<string, string> {
  const problems: Record<string, string> = {};
  const { dataset, weights, model } = task;
  const shipped = PRETRAINED.filter((one) => one.dataset === dataset);
  if (supplies.datasets?.includes(dataset) === false) {
    problems['task.dataset'] =
      `This experiment uses “${dataset}”, which is not in this browser. Bring its files, or use MNIST.`;
  }
  if (weights === 'imported' && !supplies.modelImported) {
    problems['task.weights'] =
      'This experiment starts from an imported model, and none is imported yet. Import it, or start from random weights.';
  }
  if (weights === 'pretrained' && shipped.length > 0 && !shipped.some((one) => one.model === model)) {
    problems['task.weights'] =
      'The lab has a pretrained SimpleNet only. Start from random weights, or choose SimpleNet as the model.';
  }
  if (weights === 'pretrained' && shipped.length === 0) {
    problems['task.weights'] =
      `The lab has no pretrained model for “${dataset}”, only for MNIST. Start from random weights, or import a model.`;
  }
  return problems;
}
