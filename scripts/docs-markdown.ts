/** Pieces of the generated pages in Markdown. */

export const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** A default value. */
export function shown(value: unknown): string {
  if (value === undefined) return 'must be given';
  if (value === null) return 'none';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}
