/** Texts in a table: CSV with a head, or JSON lines, with a column of texts and one of labels. */
import Papa from 'papaparse';
import { LabError } from '../../errors.ts';
import { messageOf } from '../../error-words.ts';
import { grouped } from '../../formats/bytes.ts';
import type { Loader, LoadRequest, SourceFile } from './loader.ts';
import { TextCollector } from './text-set.ts';

/** Names by which the columns are found, the likeliest first. */
const TEXT_NAMES = ['text', 'review', 'sentence', 'message', 'body', 'content', 'comment', 'tweet', 'sms'];
const LABEL_NAMES = ['label', 'class', 'category', 'sentiment', 'target', 'spam', 'stars', 'rating', 'y'];

const MAX_TABLE_BYTES = 2 ** 30;

type Row = Readonly<Record<string, unknown>>;

export const textTableLoader: Loader = {
  id: 'text-table',
  title: 'Texts in a table',
  description:
    'CSV with a head, or JSON lines: a column of texts and one of labels. A file named test… is the test split.',

  accepts: async (files) => {
    const heads = await Promise.all(files.map((file) => columnsOf(file)));
    return files.length > 0 && heads.every((head) => head !== null && chooseColumns(head) !== null);
  },

  async read(files, request) {
    const collector = new TextCollector();
    for (const file of files) await readTable(file, collector, request);
    const { id, title, seed } = request;
    return collector.dataset({ id, title, seed, source: files.map(({ name }) => name).join(', ') });
  },
};

async function readTable(file: SourceFile, collector: TextCollector, request: LoadRequest): Promise<void> {
  const { signal, onProgress } = request;
  signal.throwIfAborted();
  if (file.size > MAX_TABLE_BYTES) {
    throw refused(
      file,
      `It has ${grouped(file.size)} bytes; the lab reads up to ${grouped(MAX_TABLE_BYTES)}.`,
    );
  }
  const text = new TextDecoder().decode(await file.bytes(0, file.size));
  onProgress(file.size, file.size, 'bytes');
  const rows = isJsonLines(file) ? jsonRows(file, text) : csvRows(file, text);
  const columns = chooseColumns(Object.keys(rows[0] ?? {}));
  if (columns === null) {
    throw refused(
      file,
      `Its columns are ${Object.keys(rows[0] ?? {}).join(', ') || 'none'}; none is called ${TEXT_NAMES.slice(0, 3).join(', ')} or ${LABEL_NAMES.slice(0, 3).join(', ')}.`,
    );
  }
  const split = /(^|[/_.-])test/i.test(file.name) ? 'test' : 'train';
  for (const [line, row] of rows.entries()) {
    const [said, label] = [row[columns.text], row[columns.label]];
    if (typeof said !== 'string' || !isLabel(label)) {
      throw refused(file, `Row ${line + 1} has no ${typeof said === 'string' ? 'label' : 'text'}.`);
    }
    const path = `${file.name}/${String(line).padStart(9, '0')}`;
    collector.add(split, path, said, String(label));
  }
}

function isLabel(value: unknown): value is string | number | boolean {
  return value !== '' && ['string', 'number', 'boolean'].includes(typeof value);
}

/** The columns by their names; with two columns, the other one of the one that is known. */
export function chooseColumns(names: readonly string[]): { text: string; label: string } | null {
  const find = (wanted: readonly string[]): string | undefined =>
    wanted
      .map((each) => names.find((name) => name.trim().toLowerCase() === each))
      .find((name) => name !== undefined);
  const [text, label] = [find(TEXT_NAMES), find(LABEL_NAMES)];
  if (text !== undefined && label !== undefined) return { text, label };
  if (names.length !== 2) return null;
  const other = (known: string): string => names.find((name) => name !== known) ?? '';
  if (text !== undefined) return { text, label: other(text) };
  return label === undefined ? null : { text: other(label), label };
}

function isJsonLines({ name }: SourceFile): boolean {
  return /\.(jsonl|ndjson|json)$/i.test(name);
}

/** The columns of a table by its first line; null for what is no table. */
async function columnsOf(file: SourceFile): Promise<string[] | null> {
  if (!/\.(csv|tsv|jsonl|ndjson|json)$/i.test(file.name)) return null;
  const head = new TextDecoder().decode(await file.bytes(0, Math.min(file.size, 65_536)));
  const [first = ''] = head.split(/\r?\n/, 1);
  if (!isJsonLines(file)) return Papa.parse<string[]>(first).data[0] ?? null;
  try {
    const row: unknown = JSON.parse(first);
    return typeof row === 'object' && row !== null ? Object.keys(row) : null;
  } catch {
    return null;
  }
}

function csvRows(file: SourceFile, text: string): Row[] {
  const { data, errors } = Papa.parse<Row>(text, { header: true, skipEmptyLines: 'greedy' });
  const fault = errors.find(({ type }) => type === 'Quotes' || type === 'FieldMismatch');
  if (fault) throw refused(file, `Row ${(fault.row ?? 0) + 1}: ${fault.message}.`);
  return data;
}

function jsonRows(file: SourceFile, text: string): Row[] {
  const rows: Row[] = [];
  for (const [line, each] of text.split(/\r?\n/).entries()) {
    if (each.trim() === '') continue;
    let row: unknown;
    try {
      row = JSON.parse(each);
    } catch (cause) {
      throw refused(file, `Line ${line + 1} is not JSON: ${messageOf(cause)}.`);
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw refused(file, `Line ${line + 1} is not an object with a text and a label.`);
    }
    rows.push(row as Row);
  }
  return rows;
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
