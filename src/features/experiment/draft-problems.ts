/** What keeps a draft from being run: refused values, conditions between keys, and the data it names. */
import { crossChecks } from '../../core/config/checks.ts';
import { checkAgainstDataset } from '../../core/config/dataset-check.ts';
import { dotted } from '../../core/config/problem.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';

/** Problems by dotted path, each as one sentence or two. `info` is null while the data set is not known yet. */
export function draftProblems(config: ExperimentConfig, info: DatasetInfo | null): Record<string, string> {
  const fits = info !== null && info.id === config.task.dataset ? checkAgainstDataset(config, info) : [];
  const problems: Record<string, string> = {};
  for (const { path, what, fix } of [...crossChecks(config), ...fits]) {
    const place = dotted(path);
    const sentence = what.startsWith(`${place}: `) ? what.slice(place.length + 2) : what;
    problems[place] ??= `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} ${fix}`.trim();
  }
  return problems;
}
