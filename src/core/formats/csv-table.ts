export type CsvValue = string | number | boolean | null | undefined;

/**
 * A table as CSV (RFC 4180, lines end in CRLF): the names of the columns, then a line a row. What is null or undefined is
 * empty; numbers keep full precision, and one that is not finite is written as such (NaN, Infinity).
 */
export function csvTable(columns: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [columns.map(quoted).join(',')];
  for (const row of rows) lines.push(row.map(quoted).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function quoted(value: CsvValue): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
