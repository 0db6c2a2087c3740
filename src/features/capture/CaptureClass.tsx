import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { IconCamera, IconTrash } from '@tabler/icons-react';
import classes from './capture.module.css';
import type { CapturedClass } from './captured.ts';
import { useHold } from './use-hold.ts';

interface CaptureClassProps {
  captured: CapturedClass;
  /** Null while there is no picture to take. */
  onShoot: (() => void) | null;
  onRename: (name: string) => void;
  /** Null where too few classes would be left. */
  onRemove: (() => void) | null;
  onRemoveShot: (shot: number) => void;
}

const NOTHING = (): void => undefined;

/** One class: its name, the button that takes shots while it is held, and the shots, each of which goes at a press. */
export function CaptureClass({ captured, onShoot, onRename, onRemove, onRemoveShot }: CaptureClassProps) {
  const { name, shots } = captured;
  const hold = useHold(onShoot ?? NOTHING);
  return (
    <section className={classes.class} aria-label={`Class ${name}`}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          aria-label="Name of the class"
          value={name}
          maxLength={60}
          onChange={(event) => onRename(event.currentTarget.value)}
        />
        <Button
          leftSection={<IconCamera size={16} aria-hidden />}
          disabled={onShoot === null}
          className={classes.shutter}
          aria-label={`Hold to take shots of ${name}`}
          {...hold}
        >
          Hold to take
        </Button>
        <ActionIcon
          aria-label={`Remove the class ${name}`}
          disabled={onRemove === null}
          onClick={onRemove ?? NOTHING}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <Text size="xs" c="dimmed" role="status">
        {shots.length === 1 ? '1 shot' : `${shots.length} shots`}
        {shots.length > 0 && '; press one to remove it'}
      </Text>
      <ul className={classes.shots} aria-label={`Shots of ${name}`}>
        {shots.map(({ id, url }, at) => (
          <li key={id}>
            <button
              type="button"
              aria-label={`Remove shot ${at + 1} of ${name}`}
              onClick={() => onRemoveShot(id)}
            >
              <img src={url} alt="" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
