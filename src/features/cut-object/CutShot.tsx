import { Button, Group, SegmentedControl, Slider, Stack, Switch, Text } from '@mantine/core';
import { useId, useMemo, useState } from 'react';
import type { PictureConfig } from '../../core/config/schema-picture.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import { colorAlong, cutOut } from '../../core/pictures/cut-out.ts';
import type { Point } from '../../core/pictures/homography.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { notifyDone } from '../../ui/notify.tsx';
import { LONGEST_SIDE } from '../experiment/picture-file.ts';
import classes from './cut-object.module.css';
import { CutResult } from './CutResult.tsx';
import { middleOf, type Tool } from './outline.ts';
import { OutlineCanvas } from './OutlineCanvas.tsx';

interface CutShotProps {
  shot: ImageData;
  /** Goes back to the camera or to another photo. */
  onAnother: () => void;
  onDone: () => void;
}

type Cut = { picture: Extract<PictureConfig, { kind: 'image' }> } | { error: LabErrorData };

/** The line around the object, what is taken away within it, and what comes of it. */
export function CutShot({ shot, onAnother, onDone }: CutShotProps) {
  const [tool, setTool] = useState<Tool>('rectangle');
  const [outline, setOutline] = useState<readonly Point[]>(() => middleOf(shot));
  const [clears, setClears] = useState(true);
  const [tolerance, setTolerance] = useState(0.15);
  const setPath = useExperiment((state) => state.setPath);
  const sliderId = useId();
  const cut = useMemo((): Cut => {
    const background = clears ? { color: colorAlong(shot, outline), tolerance } : null;
    try {
      return { picture: cutOut(shot, outline, background, LONGEST_SIDE) };
    } catch (thrown) {
      return { error: asLabError(thrown).toData() };
    }
  }, [shot, outline, clears, tolerance]);
  const picture = 'picture' in cut ? cut.picture : null;
  return (
    <Stack gap="sm">
      <div className={classes.sides}>
        <Stack gap="xs">
          <OutlineCanvas shot={shot} tool={tool} outline={outline} onOutline={setOutline} />
          <Text size="xs" c="dimmed">
            Draw around the object. Arrow keys move the line, Shift and arrow keys stretch it.
          </Text>
        </Stack>
        <Stack gap="sm">
          <SegmentedControl
            aria-label="Form of the line"
            value={tool}
            data={[
              { value: 'rectangle', label: 'Rectangle' },
              { value: 'lasso', label: 'Lasso' },
            ]}
            onChange={(value) => setTool(value === 'lasso' ? 'lasso' : 'rectangle')}
          />
          <Switch
            label="Take the background away"
            description="The colour that the line is drawn through"
            checked={clears}
            onChange={(event) => setClears(event.currentTarget.checked)}
          />
          {clears && (
            <div>
              <Text size="xs" id={sliderId}>
                How much: {Math.round(100 * tolerance)} %
              </Text>
              <Slider
                min={0.01}
                max={0.6}
                step={0.01}
                label={null}
                value={tolerance}
                onChange={setTolerance}
                thumbProps={{ 'aria-labelledby': sliderId }}
              />
            </div>
          )}
          {'error' in cut && <ErrorPanel error={cut.error} />}
          {picture && <CutResult picture={picture} />}
        </Stack>
      </div>
      <Group justify="end">
        <Button variant="default" onClick={onAnother}>
          Take another
        </Button>
        <Button
          disabled={picture === null}
          onClick={() => {
            setPath('attack.synthesizer.picture', picture);
            notifyDone('The object is cut out and lies in the scene. Undo brings the one before back.');
            onDone();
          }}
        >
          Use it as the trigger
        </Button>
      </Group>
    </Stack>
  );
}
