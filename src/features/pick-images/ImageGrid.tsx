import type { KeyboardEvent } from 'react';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import type { BrowsedImage } from '../../core/training/browse.ts';
import { PixelImage } from '../training/PixelImage.tsx';
import classes from './pick-images.module.css';
import type { Role } from './picks.ts';

interface ImageGridProps {
  label: string;
  images: readonly BrowsedImage[];
  shape: ImageShape;
  classNames: readonly string[];
  /** What an image was picked for; null for one that was not. */
  roleOf: (index: number) => Role | null;
  /** What stands under an image. */
  captionOf: (image: BrowsedImage, at: number) => string;
  /** Null for images that are only shown. */
  onPress: ((index: number) => void) | null;
}

const SAID: Record<Role, string> = { teaches: 'picked, teaches', measures: 'picked, measures' };

/** Images, as buttons where a press does something; the arrow keys lead from one to the next. */
export function ImageGrid({ label, images, shape, classNames, roleOf, captionOf, onPress }: ImageGridProps) {
  return (
    <ul className={classes.grid} aria-label={label} onKeyDown={onArrow}>
      {images.map((image, at) => {
        const role = roleOf(image.index);
        const name = classNames[image.label] ?? String(image.label);
        const said = captionOf(image, at);
        const caption = <span className={classes.caption}>{said}</span>;
        const title = `${said}: example ${image.index}, a ${name}${role === null ? '' : `, ${SAID[role]}`}`;
        if (onPress === null) {
          return (
            <li key={image.index} className={classes.cell} data-role={role ?? undefined}>
              <PixelImage pixels={image.pixels} shape={shape} label={title} />
              {caption}
            </li>
          );
        }
        return (
          <li key={image.index}>
            <button
              type="button"
              className={classes.cell}
              data-role={role ?? undefined}
              aria-pressed={role !== null}
              aria-label={title}
              onClick={() => onPress(image.index)}
            >
              <PixelImage pixels={image.pixels} shape={shape} label="" />
              {caption}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Left and right lead to the neighbours, up and down to the rows above and below. */
function onArrow(event: KeyboardEvent<HTMLUListElement>): void {
  const cells = [...event.currentTarget.querySelectorAll('button')];
  const at = cells.findIndex((cell) => cell === document.activeElement);
  if (at === -1) return;
  const top = cells[0]?.getBoundingClientRect().top;
  const second = cells.findIndex((cell) => cell.getBoundingClientRect().top !== top);
  const columns = second === -1 ? cells.length : second;
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  const next = cells[at + (steps[event.key] ?? 0)];
  if (steps[event.key] === undefined || !next) return;
  event.preventDefault();
  next.focus();
}
