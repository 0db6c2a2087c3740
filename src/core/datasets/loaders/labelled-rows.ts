/** The rows of a table of texts, CSV or JSON lines: which column holds the texts, which their classes, and what they say. */
import { messageOf } from '../../error-words.ts';
import { LabError } from '../../errors.ts';
import { grouped } from '../../formats/bytes.ts';
import { csvRows } from '../../formats/csv-rows.ts';
import { textLines, type TextOptions, textPieces } from '../../formats/text-pieces.ts';
import type { SourceFile } from './loader.ts';
import { chooseColumns, guessColumns, isHeadless, type TextColumns } from './text-columns.ts';

/** What is looked at before it is known what the columns are: so many rows, or the first ones of so many letters. */
const SAMPLE_ROWS = 100;
const SAMPLE_LETTERS = 2 ** 22;

/** Names of columns that an error lists, and letters of each. */
const SHOWN_NAMES = 20;
const SHOWN_LETTERS = 40;

type Row = Readonly<Record<string, unknown>>;

export interface LabelledRow {
  /** Counted from 1, without the head. */
  number: number;
  text: unknown;
  /** Empty where there is none. */
  label: string;
}

export interface RowOptions extends TextOptions {
  /** By name; found by names and contents when left out. */
  columns?: Partial<TextColumns> | undefined;
}

const JSON_LINES = /\.(jsonl|ndjson|json)(\.gz)?$/i;

/** Whether a name is that of a table. */
export function isTableOfTexts({ name }: Pick<SourceFile, 'name'>): boolean {
  return /\.(csv|tsv)(\.gz)?$/i.test(name) || JSON_LINES.test(name);
}

/** @throws LabError E-DATASET for a file that is damaged, has no rows, or not these columns; E-CANCELLED */
export async function* labelledRows(file: SourceFile, options: RowOptions = {}): AsyncGenerator<LabelledRow> {
  let columns: TextColumns | null = null;
  let number = 0;
  for await (const row of JSON_LINES.test(file.name) ? jsonRows(file, options) : tableRows(file, options)) {
    columns ??= columnsOf(file, Object.keys(row), options.columns);
    yield { number: ++number, text: row[columns.text], label: asLabel(row[columns.label]) };
  }
  if (columns === null) throw noTable(file, 'It has no rows.');
}

/**
 * Names of the columns of a table, and which of them hold texts and classes by their names; nothing more is read than the
 * first row.
 * @throws LabError E-DATASET for a file that is damaged or has no rows
 */
export async function tableHead(file: SourceFile): Promise<{ names: string[]; columns: TextColumns | null }> {
  const first = async (): Promise<string[] | null> => {
    if (JSON_LINES.test(file.name)) {
      for await (const row of jsonRows(file, {})) return Object.keys(row);
    } else {
      for await (const row of csvRows(file.name, textPieces(file))) return row;
    }
    return null;
  };
  const names = await first();
  if (names === null) throw noTable(file, 'It has no rows.');
  return { names, columns: chooseColumns(names) };
}

function columnsOf(
  file: SourceFile,
  names: readonly string[],
  wanted: Partial<TextColumns> = {},
): TextColumns {
  const missing = [wanted.text, wanted.label].find((name) => name !== undefined && !names.includes(name));
  const columns = chooseColumns(names, wanted);
  if (columns && missing === undefined) return columns;
  const shown = names.slice(0, SHOWN_NAMES).map((name) => name.slice(0, SHOWN_LETTERS) || '(no name)');
  const more = names.length > SHOWN_NAMES ? `, and ${grouped(names.length - SHOWN_NAMES)} more` : '';
  const none = missing === undefined ? 'text or review, or none label or class' : missing;
  throw noTable(file, `Its columns are ${shown.join(', ') || 'none'}${more}; none is called ${none}.`);
}

function asLabel(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim()
    : '';
}

/** The rows of a CSV by the names of their columns; where these tell nothing, `text` and `label` by what they hold. */
async function* tableRows(file: SourceFile, options: RowOptions): AsyncGenerator<Row> {
  const sample: string[][] = [];
  let letters = 0;
  let head: Head | null = null;
  for await (const row of csvRows(file.name, textPieces(file, options))) {
    if (head) {
      yield head.named(row);
      continue;
    }
    sample.push(row);
    letters += row.reduce((sum, cell) => sum + cell.length, 0);
    if (sample.length <= SAMPLE_ROWS && letters <= SAMPLE_LETTERS) continue;
    head = headOf(sample, options.columns);
    yield* head.rows.map(head.named);
  }
  if (head || sample.length === 0) return;
  const { rows, named } = headOf(sample, options.columns);
  yield* rows.map(named);
}

interface Head {
  /** Of the sample, those that hold texts. */
  rows: readonly string[][];
  named: (row: readonly string[]) => Row;
}

/** How the rows of a table are read, by its first ones. */
function headOf(sample: readonly string[][], wanted: Partial<TextColumns> = {}): Head {
  const [first = [], ...rest] = sample;
  // In a row of another width a sign is missing or too many: what stands where is not known.
  const byName = (row: readonly string[]): Row =>
    Object.fromEntries(first.map((name, at) => [name, row.length === first.length ? row[at] : undefined]));
  if (chooseColumns(first, wanted)) return { rows: rest, named: byName };
  const known = placesOf(wanted, first);
  const guess = known && guessColumns(rest, known);
  if (!guess) return { rows: rest, named: byName };
  const names = {
    text: wanted.text ?? (wanted.label === 'text' ? 'body' : 'text'),
    label: wanted.label ?? (wanted.text === 'label' ? 'class' : 'label'),
  };
  const byPlace = (row: readonly string[]): Row => ({
    [names.text]: row[guess.text],
    [names.label]: row[guess.label],
  });
  const headless = Object.keys(wanted).length === 0 && isHeadless(first, rest, guess);
  return { rows: headless ? sample : rest, named: byPlace };
}

/** Where the columns that a person named stand; null where one is not there. */
function placesOf(
  wanted: Partial<TextColumns>,
  names: readonly string[],
): { text?: number; label?: number } | null {
  const places = Object.entries(wanted).map(([column, name]) => [column, names.indexOf(name)] as const);
  return places.some(([, place]) => place < 0) ? null : Object.fromEntries(places);
}

async function* jsonRows(file: SourceFile, options: TextOptions): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of textLines(file, options)) {
    number++;
    if (line.trim() === '') continue;
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch (cause) {
      throw noTable(file, `Line ${grouped(number)} is not JSON: ${messageOf(cause)}.`);
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw noTable(file, `Line ${grouped(number)} is not an object with a text and a label.`);
    }
    yield row as Row;
  }
}

/** The error of a file that is no table of texts. */
export function noTable({ name }: SourceFile, why: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${name} is not a table of texts and labels that can be read.`,
    why,
    fix: 'Give CSV with a line of column names, or one JSON object a line; a column of texts and one of labels, by name where they are called otherwise.',
    where: name,
  });
}
