/** Which column of a table holds the texts, and which their classes. */

export interface TextColumns {
  text: string;
  label: string;
}

/** Names by which the columns are found, the likeliest first. */
const TEXT_NAMES = [
  'text',
  'review',
  'sentence',
  'message',
  'body',
  'content',
  'comment',
  'tweet',
  'sms',
  'email',
];
const LABEL_NAMES = ['label', 'class', 'category', 'sentiment', 'target', 'spam', 'stars', 'rating', 'y'];

/** Rows that a guess needs: few rows show too little of what repeats. */
const FEWEST_ROWS = 10;

/** Classes that rows seen at first may have, as a part of these rows: a column of names or dates has more. */
const MOST_CLASSES = 0.5;

/**
 * The columns by their names; with two columns, the other one of the one that is known.
 * @param wanted what a person said of them, which names are looked for no more
 */
export function chooseColumns(
  names: readonly string[],
  wanted: Partial<TextColumns> = {},
): TextColumns | null {
  const find = (usual: readonly string[], taken: string | undefined): string | undefined =>
    usual
      .map((each) => names.find((name) => name !== taken && name.trim().toLowerCase() === each))
      .find((name) => name !== undefined);
  const text = wanted.text ?? find(TEXT_NAMES, wanted.label);
  const label = wanted.label ?? find(LABEL_NAMES, text);
  if (text !== undefined && label !== undefined) return { text, label };
  if (names.length !== 2) return null;
  const other = (known: string): string => names.find((name) => name !== known) ?? '';
  if (text !== undefined) return { text, label: other(text) };
  return label === undefined ? null : { text: other(label), label };
}

/**
 * The columns by what they hold: texts are the longest on average; of the others the one with the fewest different
 * values, two or more, is the class.
 * @param rows the first of the table, without its head
 * @param known indices that are known already
 * @returns indices of columns, or null where nothing looks like texts with classes
 */
export function guessColumns(
  rows: readonly (readonly string[])[],
  known: { text?: number; label?: number } = {},
): { text: number; label: number } | null {
  if (rows.length < FEWEST_ROWS) return null;
  const width = Math.max(...rows.map(({ length }) => length));
  const columns = Array.from({ length: width }, (_, column) => rows.map((row) => (row[column] ?? '').trim()));
  const letters = columns.map((cells, column) =>
    column === known.label ? -1 : cells.reduce((sum, cell) => sum + cell.length, 0),
  );
  const text = known.text ?? letters.indexOf(Math.max(...letters));
  if (known.label !== undefined) return { text, label: known.label };
  const classes = columns.map((cells, column) => {
    const values = new Set(cells);
    const fits = column !== text && !values.has('') && values.size >= 2;
    return fits && values.size <= rows.length * MOST_CLASSES ? values.size : Infinity;
  });
  const label = classes.indexOf(Math.min(...classes));
  return classes[label] === Infinity || label < 0 ? null : { text, label };
}

/** Whether the first line of a table is a row like the others, not their names: its class is one of theirs. */
export function isHeadless(
  first: readonly string[],
  rows: readonly (readonly string[])[],
  { label }: { label: number },
): boolean {
  const value = (first[label] ?? '').trim();
  return rows.some((row) => (row[label] ?? '').trim() === value);
}
