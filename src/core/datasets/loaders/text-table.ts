/** Texts in a table: CSV with a head or without, or JSON lines, with a column of texts and one of labels. */
import { LabError } from '../../errors.ts';
import { messageOf } from '../../error-words.ts';
import { grouped } from '../../formats/bytes.ts';
import { csvRows } from '../../formats/csv-rows.ts';
import { textLines, textPieces } from '../../formats/text-pieces.ts';
import type { Loader, LoadRequest, SourceFile } from './loader.ts';
import { memoryFile } from './source-files.ts';
import { chooseColumns, guessColumns, isHeadless, type TextColumns } from './text-columns.ts';
import { TextCollector } from './text-set.ts';

/** What is looked at before it is known what the columns are. */
const SAMPLE_ROWS = 100;
const SAMPLE_BYTES = 65_536;

/** Rows without text or label are left out, unless they are more than this part of all: then it is another table. */
const MOST_FAULTY = 0.01;

type Row = Readonly<Record<string, unknown>>;

export const textTableLoader: Loader = {
  id: 'text-table',
  title: 'Texts in a table',
  description:
    'CSV or JSON lines: a column of texts and one of labels. A file named test… is the test split.',

  accepts: async (files) => {
    const found = await Promise.all(files.map((file) => looksLikeTexts(file)));
    return files.length > 0 && found.every(Boolean);
  },

  async read(files, request) {
    const collector = new TextCollector();
    const total = files.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    for (const file of files) {
      const onBytes = (done: number): void => request.onProgress(before + done, total, 'bytes');
      await readTable(file, collector, request, onBytes);
      before += file.size;
    }
    const { id, title, seed } = request;
    return collector.dataset({ id, title, seed, source: files.map(({ name }) => name).join(', ') });
  },
};

async function readTable(
  file: SourceFile,
  collector: TextCollector,
  { signal, onWarning }: LoadRequest,
  onBytes: (done: number) => void,
): Promise<void> {
  const split = /(^|[/_.-])test/i.test(file.name) ? 'test' : 'train';
  let count = 0;
  let faulty = 0;
  let first: LabError | null = null;
  for await (const { number, text, label } of labelledRows(file, { signal, onBytes })) {
    count++;
    if (typeof text === 'string' && text.trim() !== '' && label !== '') {
      collector.add(split, `${file.name}/${String(number).padStart(9, '0')}`, text, label);
      continue;
    }
    faulty++;
    const lacks = typeof text === 'string' && text.trim() !== '' ? 'label' : 'text';
    first ??= refused(file, `Row ${grouped(number)} has no ${lacks}.`);
  }
  if (first === null) return;
  if (faulty > count * MOST_FAULTY) throw first;
  onWarning?.(
    new LabError({
      code: 'E-DATASET',
      what: `${grouped(faulty)} of ${grouped(count)} rows of ${file.name} were left out.`,
      why: first.why,
      fix: 'Complete them, or go on without them.',
      where: file.name,
    }),
  );
}

interface LabelledRow {
  /** Counted from 1, without the head. */
  number: number;
  text: unknown;
  /** Empty where there is none. */
  label: string;
}

interface ReadOptions {
  signal?: AbortSignal;
  onBytes?: (done: number) => void;
}

async function* labelledRows(file: SourceFile, options: ReadOptions): AsyncGenerator<LabelledRow> {
  let columns: TextColumns | null = null;
  let number = 0;
  for await (const row of isJsonLines(file) ? jsonRows(file, options) : tableRows(file, options)) {
    columns ??= columnsOf(file, Object.keys(row));
    yield { number: ++number, text: row[columns.text], label: asLabel(row[columns.label]) };
  }
  if (columns === null) throw refused(file, 'It has no rows.');
}

function columnsOf(file: SourceFile, names: readonly string[]): TextColumns {
  const columns = chooseColumns(names);
  if (columns) return columns;
  const shown = names.slice(0, 20).map((name) => (name === '' ? '(no name)' : name));
  throw refused(
    file,
    `Its columns are ${shown.join(', ') || 'none'}; none is called text or review, or none label or class.`,
  );
}

function asLabel(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim()
    : '';
}

/** The rows of a CSV by the names of their columns; where these tell nothing, `text` and `label` by what they hold. */
async function* tableRows(file: SourceFile, options: ReadOptions): AsyncGenerator<Row> {
  const rows = csvRows(file.name, textPieces(file, options));
  const sample: string[][] = [];
  let names: ((row: readonly string[]) => Row) | null = null;
  for await (const row of rows) {
    if (names) {
      yield names(row);
      continue;
    }
    sample.push(row);
    if (sample.length <= SAMPLE_ROWS) continue;
    const found = headOf(sample);
    names = found.named;
    for (const one of found.rows) yield names(one);
  }
  if (names || sample.length === 0) return;
  const { named, rows: few } = headOf(sample);
  for (const one of few) yield named(one);
}

/** How the rows of a table are read, by its first ones. */
function headOf(sample: readonly string[][]): {
  rows: readonly string[][];
  named: (row: readonly string[]) => Row;
} {
  const [first = [], ...rest] = sample;
  // In a row of another width a sign is missing or too many: what stands where is not known.
  const byName = (row: readonly string[]): Row =>
    Object.fromEntries(first.map((name, at) => [name, row.length === first.length ? row[at] : undefined]));
  if (chooseColumns(first)) return { rows: rest, named: byName };
  const guess = guessColumns(rest);
  if (!guess) return { rows: rest, named: byName };
  const byPlace = (row: readonly string[]): Row => ({ text: row[guess.text], label: row[guess.label] });
  return { rows: isHeadless(first, rest, guess) ? sample : rest, named: byPlace };
}

async function* jsonRows(file: SourceFile, options: ReadOptions): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of textLines(file, options)) {
    number++;
    if (line.trim() === '') continue;
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch (cause) {
      throw refused(file, `Line ${grouped(number)} is not JSON: ${messageOf(cause)}.`);
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw refused(file, `Line ${grouped(number)} is not an object with a text and a label.`);
    }
    yield row as Row;
  }
}

function isJsonLines({ name }: SourceFile): boolean {
  return /\.(jsonl|ndjson|json)(\.gz)?$/i.test(name);
}

/** By the first rows of a file. */
async function looksLikeTexts(file: SourceFile): Promise<boolean> {
  if (!/\.(csv|tsv|jsonl|ndjson|json)(\.gz)?$/i.test(file.name)) return false;
  try {
    for await (const { text } of labelledRows(await headFile(file), {})) return typeof text === 'string';
    return false;
  } catch (thrown) {
    if (thrown instanceof LabError) return false;
    throw thrown;
  }
}

/** The whole lines at the start of a file; of a packed one all, read no further than asked. */
async function headFile(file: SourceFile): Promise<SourceFile> {
  if (file.size <= SAMPLE_BYTES || /\.gz$/i.test(file.name)) return file;
  const bytes = await file.bytes(0, SAMPLE_BYTES);
  return memoryFile(file.name, bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1));
}

function refused({ name }: SourceFile, why: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${name} is not a table of texts and labels that can be read.`,
    why,
    fix: 'Give CSV with a line of column names, or one JSON object a line; a column of texts and one of labels.',
    where: name,
  });
}
