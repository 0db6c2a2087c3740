import { Button, FileButton, Stack, Text } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import classes from './camera.module.css';
import { photoFromFile } from './photo-from-file.ts';

interface PhotoViewProps {
  photo: ImageBitmap | null;
  onPhoto: (photo: ImageBitmap) => void;
}

/** A photo that is chosen or dropped, as the middle square that is used of it. */
export function PhotoView({ photo, onPhoto }: PhotoViewProps) {
  const [error, setError] = useState<LabErrorData | null>(null);
  const take = (file: File | null | undefined): void => {
    if (!file) return;
    photoFromFile(file).then(
      (taken) => {
        setError(null);
        onPhoto(taken);
      },
      (thrown: unknown) => setError(asLabError(thrown).toData()),
    );
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  return (
    <Stack gap="xs" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      {photo === null ? (
        <Stack align="center" justify="center" gap="xs" className={classes.off} data-square>
          <Text size="xs" c="dimmed" ta="center">
            Drop a photo here. It stays in this tab.
          </Text>
          <PhotoButton label="Choose a photo" onFile={take} />
        </Stack>
      ) : (
        <>
          <Photo photo={photo} />
          <PhotoButton label="Choose another photo" onFile={take} />
        </>
      )}
      {error !== null && <ErrorPanel error={error} />}
    </Stack>
  );
}

/** Chooses a picture from a file. */
export function PhotoButton({ label, onFile }: { label: string; onFile: (file: File | null) => void }) {
  return (
    <FileButton accept="image/*" onChange={onFile} inputProps={{ 'aria-label': label }}>
      {(props) => (
        <Button {...props} variant="default" leftSection={<IconPhoto size={16} aria-hidden />}>
          {label}
        </Button>
      )}
    </FileButton>
  );
}

function Photo({ photo }: { photo: ImageBitmap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(photo, 0, 0);
  }, [photo]);
  return (
    <div className={classes.on} data-square>
      <canvas
        ref={canvas}
        width={photo.width}
        height={photo.height}
        className={classes.video}
        role="img"
        aria-label="The photo"
      />
    </div>
  );
}
