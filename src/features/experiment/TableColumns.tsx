import { Group, Select } from '@mantine/core';
import type { TextColumns } from '../../core/datasets/loaders/text-columns.ts';
import type { TableChoice } from './use-table-columns.ts';

/** A list of more is no help. */
const SHOWN = 200;

const LABELS: Record<keyof TextColumns, string> = {
  text: 'Column of the texts',
  label: 'Column of the classes',
};

/** Which columns of a table hold the texts and their classes; what is left open is found by names and contents. */
export function TableColumns({ table }: { table: TableChoice }) {
  const { names, found, chosen, choose } = table;
  return (
    <Group grow>
      {(['text', 'label'] as const).map((column) => (
        <Select
          key={column}
          label={LABELS[column]}
          data={names.slice(0, SHOWN)}
          value={chosen?.[column] ?? null}
          placeholder={found ? found[column] : 'found by itself'}
          clearable
          searchable={names.length > 10}
          onChange={(name) => choose(column, name)}
        />
      ))}
    </Group>
  );
}
