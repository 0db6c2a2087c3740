/** Tables with separators (RFC 4180), read piece by piece, by Papa Parse: the table may be larger than memory. */
import Papa, { type ParseResult } from 'papaparse';
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import { grouped } from './bytes.ts';

/** Longer than any e-mail that a person reads; a quote that is never closed ends here. */
const MAX_ROW_LETTERS = 2 ** 22;

/** A table of many measurements has hundreds. */
const MAX_COLUMNS = 10_000;

/** What separates cells, tried on the first line. */
const SEPARATORS = [',', '\t', ';', '|'] as const;

/**
 * The rows of a table, its head among them; lines without a letter are left out. The separator is the sign (comma, tab,
 * semicolon, bar) that the first line has most of, outside quotes.
 * @param name of the file, for errors
 * @throws LabError E-DATASET for quotes that are not closed or closed too early, and for a row of too many letters or cells
 */
export async function* csvRows(name: string, pieces: AsyncIterable<string>): AsyncGenerator<string[]> {
  let held = '';
  let before = 0;
  let delimiter: string | null = null;
  const rowsOf = (text: string, last: boolean): string[][] => {
    delimiter ??= separatorOf(text);
    // The streams of Papa Parse are those of the browser's files or of Node; its parser is the same everywhere.
    const parser = new Papa.Parser({ delimiter, newline: '\n' });
    const { data, errors, meta } = parser.parse(text, 0, !last) as ParseResult<string[]>;
    const [fault] = errors;
    if (fault) throw badTable(name, before + (fault.row ?? 0) + 1, fault.message);
    held = last ? '' : text.slice(meta.cursor);
    const wide = data.findIndex(({ length }) => length > MAX_COLUMNS);
    if (wide >= 0) throw badTable(name, before + wide + 1, `It has more than ${grouped(MAX_COLUMNS)} cells.`);
    before += data.length;
    return data.filter((row) => row.some((cell) => cell.trim() !== ''));
  };

  for await (const piece of withLineFeeds(pieces)) {
    // Whole rows wait for their end; each piece has many, so little is parsed twice.
    if (piece.includes('\n')) yield* rowsOf(held + piece, false);
    else held += piece;
    if (held.length > MAX_ROW_LETTERS) {
      throw badTable(
        name,
        before + 1,
        `It has more than ${grouped(MAX_ROW_LETTERS)} letters; is a quote not closed?`,
      );
    }
  }
  yield* rowsOf(held, true);
}

/** Ends of lines as LF alone. */
async function* withLineFeeds(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let returned = '';
  for await (const piece of pieces) {
    const text = (returned + piece).replaceAll('\r\n', '\n');
    returned = text.endsWith('\r') ? '\r' : '';
    yield returned === '' ? text : text.slice(0, -1);
  }
}

/** Which sign separates the cells of the first line. */
function separatorOf(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (sign: string): number => bare.split(sign).length;
  return SEPARATORS.reduce<string>((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}

function badTable(name: string, row: number, why: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${name} is no table that can be read.`,
    why: asSentence(`Row ${grouped(row)}, its head counted: ${why}`),
    fix: 'Save it as CSV with quotes around cells that have commas or ends of lines; else download it again.',
    where: `${name}, row ${row}`,
  });
}
