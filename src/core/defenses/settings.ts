/** `--set` of defenses: `neural_cleanse.steps=100` beside the settings of the experiment. */
import { readSetting } from '../config/set.ts';
import { isDefenseId } from './choose.ts';
import type { DefenseId } from './definitions.ts';

export interface SortedSettings {
  /** Keys of the experiment, as they were written. */
  experiment: string[];
  /** Parameters by defense. */
  defenses: Partial<Record<DefenseId, Record<string, unknown>>>;
}

/** @throws ConfigError (E-CONFIG) for what is no setting */
export function sortSettings(settings: readonly string[]): SortedSettings {
  const sorted: SortedSettings = { experiment: [], defenses: {} };
  for (const text of settings) {
    const {
      path: [head = '', key, ...below],
      value,
    } = readSetting(text);
    if (!isDefenseId(head) || key === undefined) sorted.experiment.push(text);
    else {
      const nested = below.reduceRight((inner: unknown, name) => ({ [name]: inner }), value);
      sorted.defenses[head] = { ...sorted.defenses[head], [key]: nested };
    }
  }
  return sorted;
}
