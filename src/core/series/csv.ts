import type { SeriesBuffer } from './seriesBuffer.ts';

/**
 * A table as CSV (RFC 4180, lines end in CRLF): a header of column names, then a line for each stored row, at full
 * double precision; what was not measured is empty. In pieces of `rowsPerPiece` rows, so that a page can breathe
 * between them; joined they are the file. `columns` picks and orders columns; all by default.
 */
export function* csvPieces<Column extends string>(
  table: SeriesBuffer<Column>,
  columns: readonly Column[] = table.columns,
  rowsPerPiece = 2000,
): Generator<string, void, undefined> {
  yield `${columns.map(quote).join(',')}\r\n`;
  const values = columns.map((column) => table.column(column));
  const rows = table.length;
  for (let start = 0; start < rows; start += rowsPerPiece) {
    const lines: string[] = [];
    for (let row = start; row < Math.min(rows, start + rowsPerPiece); row++) {
      lines.push(values.map((column) => cell(column[row] ?? Number.NaN)).join(','));
    }
    yield `${lines.join('\r\n')}\r\n`;
  }
}

/** A whole table as CSV text. */
export function csvText<Column extends string>(
  table: SeriesBuffer<Column>,
  columns: readonly Column[] = table.columns,
): string {
  return [...csvPieces(table, columns)].join('');
}

function cell(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
