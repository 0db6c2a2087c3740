import { Kbd, Stack, Table, Text } from '@mantine/core';
import { shortcutLabel } from '../features/experiment/shortcut.ts';
import { useActionState } from '../features/experiment/use-action.ts';
import { ACTIONS } from './actions.ts';

/** Every shortcut, from the actions themselves. */
export function ShortcutHelp() {
  const state = useActionState();
  return (
    <Stack gap="sm">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Keys</Table.Th>
            <Table.Th>What they do</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ACTIONS.map(({ id, shortcut, hint, view }) =>
            shortcut === null ? null : (
              <Table.Tr key={id}>
                <Table.Td>
                  <Kbd>{shortcutLabel(shortcut)}</Kbd>
                </Table.Td>
                <Table.Td>
                  {view(state).title}: {hint.charAt(0).toLowerCase() + hint.slice(1)}
                </Table.Td>
              </Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed">
        Single keys wait while you type. On a Mac, Cmd stands for Ctrl. In the trigger painter the arrow keys
        move the cursor and Enter paints. In the text editor, Ctrl+M lets Tab move the focus on.
      </Text>
    </Stack>
  );
}
