/** Tables that say what pictures show: CSV with `,`, `;` or tabs, or words with spaces between. */
import { PICTURE_NAME } from '../../formats/decode-picture.ts';

export interface LabelTable {
  /** Folder that the table lies in, without a slash at its end; empty for the top. */
  folder: string;
  /** Class by the name that the table gives the picture. */
  labels: ReadonlyMap<string, string>;
}

/** Names of columns, in lower case, the surest first. */
const NAME_COLUMNS = [
  'path',
  'filepath',
  'file_path',
  'filename',
  'file_name',
  'file',
  'image_path',
  'image',
  'image_id',
  'img',
  'name',
  'id',
];
const LABEL_COLUMNS = [
  'label',
  'class',
  'classid',
  'class_id',
  'class_name',
  'category',
  'target',
  'identity',
  'identity_id',
  'y',
];

/**
 * Reads a table of pictures and classes, with a header or without (then the first column names pictures). Other columns,
 * such as GTSRB's regions, are left aside.
 * @param path of the table
 * @returns null for another kind of text
 */
export function labelTable(path: string, text: string): LabelTable | null {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const first = lines[0];
  if (first === undefined) return null;
  const split = splitter(first);
  const header = split(first).map((cell) => cell.toLowerCase());
  let name = columnOf(NAME_COLUMNS, header);
  let label = columnOf(LABEL_COLUMNS, header);
  const hasHeader = name >= 0 && label >= 0;
  if (!hasHeader) {
    if (header.length < 2 || !PICTURE_NAME.test(header[0] ?? '')) return null;
    [name, label] = [0, 1];
  }
  const labels = new Map<string, string>();
  for (const line of lines.slice(hasHeader ? 1 : 0)) {
    const cells = split(line);
    const picture = cells[name]?.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
    const value = cells[label];
    if (picture !== undefined && picture !== '' && value !== undefined && value !== '')
      labels.set(picture, value);
  }
  const slash = path.lastIndexOf('/');
  return labels.size === 0 ? null : { folder: slash < 0 ? '' : path.slice(0, slash), labels };
}

/**
 * What the tables say of a picture: one whose folder the picture lies in or below, the nearest first, that names it by its
 * path or the end of its path, with its ending or without.
 */
export function tableLabel(tables: readonly LabelTable[], path: string): string | null {
  const above = tables
    .filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length);
  for (const { labels } of above) {
    for (const whole of [path, path.replace(PICTURE_NAME, '')]) {
      for (let from = 0; ;) {
        const found = labels.get(whole.slice(from));
        if (found !== undefined) return found;
        const slash = whole.indexOf('/', from);
        if (slash < 0) break;
        from = slash + 1;
      }
    }
  }
  return null;
}

function columnOf(names: readonly string[], header: readonly string[]): number {
  const found = names.find((name) => header.includes(name));
  return found === undefined ? -1 : header.indexOf(found);
}

/** How the lines of a table are taken apart, as its first line shows. */
function splitter(first: string): (line: string) => string[] {
  const counts = [';', '\t', ','].map((sign) => ({ sign, count: first.split(sign).length - 1 }));
  const best = counts.reduce((most, one) => (one.count > most.count ? one : most));
  if (best.count === 0) return (line) => line.trim().split(/\s+/);
  return (line) => cellsOf(line, best.sign);
}

/** Cells of a line, quoted as in RFC 4180 where they begin with a quote. */
function cellsOf(line: string, sign: string): string[] {
  if (!line.includes('"')) return line.split(sign).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '"' && quoted && line[at + 1] === '"') {
      cell += '"';
      at++;
    } else if (char === '"') quoted = !quoted;
    else if (char === sign && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  return [...cells, cell.trim()];
}
