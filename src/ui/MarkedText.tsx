import { readable, spaceBefore } from '../core/text/tokenizer.ts';
import classes from './MarkedText.module.css';

interface MarkedTextProps {
  words: readonly string[];
  /** The words that are marked: from this index on, so many; null marks none. */
  inserted: { from: number; count: number } | null;
  /** Words on each side of the mark that are shown. */
  around: number;
}

/** A piece of a text with what was put into it marked. */
export function MarkedText({ words, inserted, around }: MarkedTextProps) {
  const from = inserted?.from ?? 0;
  const to = from + (inserted?.count ?? 0);
  const [start, end] = [Math.max(0, from - around), Math.min(words.length, to + around)];
  return (
    <p className={classes.text}>
      {start > 0 && '… '}
      {readable(words.slice(start, from))}
      {inserted !== null && (
        <>
          {from > start && ' '}
          <mark>{readable(words.slice(from, to))}</mark>
          {spaceBefore(words[to])}
        </>
      )}
      {readable(words.slice(to, end))}
      {end < words.length && ' …'}
    </p>
  );
}
