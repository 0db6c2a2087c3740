import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { usePage } from '../../state/page-store.ts';
import { useRun } from '../../state/run-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { LiveTest } from './LiveTest.tsx';
import { useLiveModel } from './use-live-model.ts';

/** The model of the run, tried on what the camera sees or on a photo. */
export function LiveTestPanel() {
  const { state, takeNewest } = useLiveModel();
  const step = useRun((run) => run.step);
  switch (state.kind) {
    case 'loading':
      return (
        <Group gap="xs">
          <Loader size={16} aria-hidden />
          <Text size="sm" role="status">
            The model is opened.
          </Text>
        </Group>
      );
    case 'none':
      return <NoModel />;
    case 'failed':
      return <ErrorPanel error={state.error} actions={[{ label: 'Try again', onClick: takeNewest }]} />;
    case 'ready':
      return (
        <Stack gap="sm">
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              Model: <b>{state.title}</b>
              {state.step !== null && `, step ${state.step.toLocaleString('en')}`}
            </Text>
            {state.step !== null && step > state.step && (
              <Button size="compact-xs" variant="default" onClick={takeNewest}>
                Take it as it is now, step {step.toLocaleString('en')}
              </Button>
            )}
          </Group>
          <LiveTest
            key={state.model.held}
            held={state.model.held}
            info={state.model.info}
            config={state.config}
            trigger={state.trigger}
            onReopen={takeNewest}
          />
        </Stack>
      );
  }
}

function NoModel() {
  const open = usePage((page) => page.open);
  const close = usePage((page) => page.close);
  return (
    <Stack gap="sm">
      <Text size="sm">
        There is no model yet. Run the experiment for a step or more, or bring a model in; then try it here on
        what your camera sees, or on a photo.
      </Text>
      <Group gap="xs">
        <Button onClick={close}>Back to the experiment</Button>
        <Button variant="default" onClick={() => open('take-home')}>
          Bring a model in
        </Button>
      </Group>
    </Stack>
  );
}
