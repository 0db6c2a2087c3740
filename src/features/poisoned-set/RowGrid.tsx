import { memo } from 'react';
import type { PoisonPageRow } from '../../workers/poison-jobs.ts';
import { MarkedText } from '../../ui/MarkedText.tsx';
import { PixelImage } from '../training/PixelImage.tsx';
import classes from './PoisonedSet.module.css';
import { rowWords } from './words.ts';

interface RowGridProps {
  rows: readonly PoisonPageRow[];
  /** Place in `rows`. */
  chosen: number | null;
  onChoose: (at: number) => void;
}

/** Words of a text on each side of what was put in. */
const AROUND = 12;

/** One page of examples; each opens. */
export const RowGrid = memo(function RowGrid({ rows, chosen, onChoose }: RowGridProps) {
  const areTexts = rows.some(({ contents }) => 'text' in contents);
  return (
    <ul className={classes.grid} data-texts={areTexts || undefined}>
      {rows.map(({ kind, provenance, contents }, at) => (
        <li key={`${provenance.objective ?? ''} ${provenance.position}`}>
          <button
            type="button"
            className={classes.row}
            data-kind={kind}
            aria-pressed={chosen === at}
            aria-label={rowWords(kind, provenance)}
            onClick={() => onChoose(at)}
          >
            {'text' in contents ? (
              <MarkedText {...contents.text} around={AROUND} />
            ) : (
              <PixelImage pixels={contents.shown} shape={contents.shape} label="" />
            )}
            <span className={classes.caption}>
              {provenance.source_class === provenance.label
                ? provenance.label
                : `${provenance.source_class} → ${provenance.label}`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
});
