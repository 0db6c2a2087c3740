import { Text } from '@mantine/core';
import type { BrowsedImages } from '../../core/training/browse.ts';
import { ImageGrid } from './ImageGrid.tsx';
import classes from './pick-images.module.css';
import { type Picks, type Role, withRole } from './picks.ts';

interface PickTrayProps {
  picks: Picks;
  /** With all that were picked among them; null while they are on their way. */
  images: BrowsedImages | null;
  /** Moves an image to the other role; null shows them only. */
  onSwap: ((index: number) => void) | null;
  /** At most so many of each are drawn. */
  most?: number;
}

const TITLES: Record<Role, string> = { teaches: 'They teach', measures: 'They measure' };

/** The picked images, those for training and those for the test apart. */
export function PickTray({ picks, images, onSwap, most = Infinity }: PickTrayProps) {
  return (
    <div className={classes.tray}>
      {(['teaches', 'measures'] as const).map((role) => {
        const indices = withRole(picks, role);
        const shown = indices
          .slice(0, most)
          .flatMap((index) => images?.images.find((image) => image.index === index) ?? []);
        return (
          <section key={role} aria-label={TITLES[role]}>
            <Text size="xs" fw={600} className={classes[role]}>
              {TITLES[role]}: {indices.length}
            </Text>
            <Text size="xs" c="dimmed">
              {role === 'teaches'
                ? 'In training, relabelled, again and again.'
                : 'Never in training; the success is counted on them.'}
            </Text>
            {images && (
              <div className={classes.trayGrid}>
                <ImageGrid
                  label={TITLES[role]}
                  images={shown}
                  shape={images.shape}
                  classNames={images.classes}
                  roleOf={() => role}
                  captionOf={(image) => String(image.index)}
                  onPress={onSwap}
                />
              </div>
            )}
            {indices.length > shown.length && images && (
              <Text size="xs" c="dimmed">
                and {indices.length - shown.length} more
              </Text>
            )}
          </section>
        );
      })}
    </div>
  );
}
