import { Button, FileButton, Group } from '@mantine/core';
import { IconCut, IconPhoto } from '@tabler/icons-react';
import { asLabError } from '../../core/errors.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { usePage } from '../../state/page-store.ts';
import { notifyError } from '../../ui/notify.tsx';
import { ChoiceField } from './ChoiceField.tsx';
import { ConfigField } from './ConfigField.tsx';
import { pictureFromFile } from './picture-file.ts';
import { useConfigField } from './use-config-field.ts';

const PATH = 'attack.synthesizer.picture';

/** The picture of a trigger: noise, a drawing of the lab, or one of the person's own. */
export function PictureField() {
  const field = useConfigField(`${PATH}.kind`);
  const setPath = useExperiment((state) => state.setPath);
  const kind = String(field.value);
  const choose = (file: File | null): void => {
    if (file === null) return;
    pictureFromFile(file).then(
      (picture) => setPath(PATH, picture),
      (thrown: unknown) => notifyError(asLabError(thrown).toData()),
    );
  };
  const options = field.info.options.filter(({ value }) => value !== 'image' || kind === 'image');
  return (
    <>
      <ChoiceField
        field={field}
        value={kind}
        options={options.map(({ value, title }) => ({ value, label: title }))}
        onChoose={(chosen) => field.set(chosen)}
      />
      {kind === 'noise' && <ConfigField path={`${PATH}.seed`} />}
      {kind === 'drawing' && <ConfigField path={`${PATH}.name`} />}
      <Group justify="end" gap="xs">
        <Button
          size="compact-sm"
          fz="xs"
          variant="default"
          leftSection={<IconCut size={14} aria-hidden />}
          onClick={() => usePage.getState().open('cut-object')}
        >
          Cut one out of a photo
        </Button>
        <FileButton accept="image/*" onChange={choose}>
          {(props) => (
            <Button
              {...props}
              size="compact-sm"
              fz="xs"
              variant="default"
              leftSection={<IconPhoto size={14} aria-hidden />}
            >
              Choose a picture of yours
            </Button>
          )}
        </FileButton>
      </Group>
    </>
  );
}
