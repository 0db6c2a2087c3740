/**
 * Edits (insert, delete, replace, swap of neighbours) that turn one word into another: the optimal string alignment
 * form of Damerau's distance. Words longer than 64 characters are compared by their first 64.
 */
export function editDistance(first: string, second: string): number {
  const a = first.slice(0, 64);
  const b = second.slice(0, 64);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, at(last, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

const normal = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

export interface Nearest {
  word: string;
  /** Near enough to ask "did you mean". */
  close: boolean;
}

/** The known word nearest to `word`, upper and lower case and underscores apart; null when nothing is known. */
export function nearest(word: string, known: readonly string[]): Nearest | null {
  let best: { word: string; distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(normal(word), normal(candidate));
    if (best === null || distance < best.distance) best = { word: candidate, distance };
  }
  if (best === null) return null;
  const length = Math.min(normal(word).length, normal(best.word).length);
  return { word: best.word, close: best.distance <= Math.max(1, Math.floor(length / 3)) };
}

/** `Did you mean loss?` when near, else the nearest known one as a plain statement. */
export function suggest(word: string, known: readonly string[]): string {
  const found = nearest(word, known);
  if (found === null) return '';
  return found.close ? `Did you mean ${found.word}?` : `The nearest known one is ${found.word}.`;
}
