import { Text } from '@mantine/core';
import { editedPlaces } from '../../core/experiment/weight-edit.ts';
import { useRun } from '../../state/run-store.ts';
import { formatCount } from '../../ui/format.ts';
import { formatPercent } from './format.ts';

/** What an attack on the weights changed, once it has. */
export function EditNote() {
  const edit = useRun((state) => state.edit);
  if (edit === null) return null;
  return (
    <Text size="sm" c="dimmed" data-testid="edit-note">
      The backdoor was put into {editedPlaces(edit)}: {formatCount(edit.edited)} numbers were edited, and they
      tell {formatPercent(edit.toldApart)} of further clean and triggered examples apart.
    </Text>
  );
}
