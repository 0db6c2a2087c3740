import type { ExperimentConfig } from '../../core/config/schema.ts';
import { grouped } from '../../core/formats/bytes.ts';
import { isPoisonedOnce, type StepPlace } from '../../core/training/poisoned-set.ts';
import type { Provenance } from '../../core/training/provenance.ts';
import type { RowKind } from '../../core/training/row-kinds.ts';

export const KIND_WORDS: Record<RowKind, string> = { clean: 'Clean', poisoned: 'Poisoned', cover: 'Cover' };

/** What is shown, honestly: a set, or one batch of many. */
export function setWords(config: Pick<ExperimentConfig, 'attack'>, place: StepPlace | null): string {
  if (!config.attack.enabled)
    return 'This is a clean control: its attack is off, and its training set is as it came.';
  if (isPoisonedOnce(config))
    return 'This attack poisons the training set once. Every epoch sees what is shown here, before augmentation.';
  const which =
    place === null ? '' : ` Shown is batch ${grouped(place.batch + 1)} of epoch ${grouped(place.epoch)}.`;
  return `This attack has no poisoned training set: it draws its poison anew for each batch.${which}`;
}

/** What a row is, for those who cannot see it. */
export function rowWords(kind: RowKind, { example, source_class, label }: Provenance): string {
  const given = source_class === label ? '' : `, labelled ${label}`;
  return `${KIND_WORDS[kind]} example ${grouped(example)}, a ${source_class}${given}`;
}

/** The table of one row: names and values, those that are empty left out. */
export function provenanceWords(provenance: Provenance): [string, string][] {
  const { position, objective, example, source_class, label, backdoor, trigger, seed, stream } = provenance;
  const { row, column, height, width, drawn } = provenance;
  const at = row === null ? null : `row ${row}, column ${column}, ${height} by ${width} pixels`;
  const all: [string, string | number | null][] = [
    [objective === null ? 'Place in the set' : 'Place in the batch', position],
    ['Loss', objective],
    ['Training example', example],
    ['It is a', source_class],
    ['It is labelled', label],
    ['Backdoor', backdoor],
    ['Trigger', trigger],
    ['Where', at],
    ['Drawn for it', drawn === '' ? null : drawn],
    ['Seed', seed],
    ['Stream of random numbers', stream],
  ];
  return all.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, String(value)]]));
}
