import { Paper, Text } from '@mantine/core';

/** What stands in the place of the preview of a trigger that is learned along with the network. */
export function UnlearnedTrigger() {
  return (
    <Paper withBorder p="sm" my="xs">
      <Text size="sm" fw={600}>
        This trigger does not exist before training.
      </Text>
      <Text size="sm" mt={4}>
        A small generator learns it along with the network, another one for each image. The triggered samples
        of the run show it from the first evaluation on.
      </Text>
    </Paper>
  );
}
