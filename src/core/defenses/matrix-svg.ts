/** The matrix of attacks and defenses as a picture that stands by itself. */
import { cellsAt, type Matrix, readingOf } from './matrix.ts';

const ROW = 26;
const COLUMN = 104;
const HEAD = 116;
const PADDING = 12;
/** Of a character at 12 px, about. */
const CHARACTER = 6.6;

/** Where nothing held, and where all did: orange and blue as everywhere in the lab, mixed with white. */
const FAILED = [244, 190, 150] as const;
const HELD = [160, 205, 235] as const;

/** Colour of a place on white, as `rgb(...)`; grey where nothing can be told. */
export function cellColor(held: number | null): string {
  if (held === null) return 'rgb(238,238,238)';
  const share = Math.min(1, Math.max(0, held));
  const mix = HELD.map((part, at) => Math.round(part * share + (FAILED[at] ?? 0) * (1 - share)));
  return `rgb(${mix.join(',')})`;
}

/** A whole SVG document, black on white: for papers and slides. */
export function matrixToSvg(matrix: Matrix): string {
  const { attacks, defenses, title } = matrix;
  const left = PADDING + CHARACTER * Math.max(6, ...attacks.map((attack) => attack.title.length));
  const width = Math.ceil(left + COLUMN * defenses.length + HEAD / 2 + PADDING);
  const height = HEAD + ROW * attacks.length + 3 * PADDING + 14;
  const x = (column: number): number => Math.round(left + COLUMN * column);
  const y = (row: number): number => HEAD + ROW * row;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>${xml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...defenses.map((defense, column) => {
      const [at, up] = [x(column) + COLUMN / 2, HEAD - 8];
      return `<text transform="translate(${at} ${up}) rotate(-35)">${xml(defense.title)}</text>`;
    }),
  ];
  attacks.forEach((attack, row) => {
    parts.push(
      `<text x="${Math.round(left) - 8}" y="${y(row) + 17}" text-anchor="end">${xml(attack.title)}</text>`,
    );
    defenses.forEach((defense, column) => {
      const { text, held } = readingOf(cellsAt(matrix, attack.id, defense.id), defense.kind);
      parts.push(
        `<rect x="${x(column)}" y="${y(row)}" width="${COLUMN - 2}" height="${ROW - 2}" fill="${cellColor(held)}"/>`,
        `<text x="${x(column) + COLUMN / 2}" y="${y(row) + 16}" text-anchor="middle" font-size="11">${xml(text)}</text>`,
      );
    });
  });
  const note = 'Blue held, orange did not, grey cannot be told.';
  parts.push(
    `<text x="${PADDING}" y="${height - PADDING}" font-size="11" fill="#555">${xml(`${title}. ${note}`)}</text>`,
    '</svg>',
    '',
  );
  return parts.join('\n');
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
