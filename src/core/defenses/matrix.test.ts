import { describe, expect, it } from 'vitest';
import { cellColor, matrixToSvg } from './matrix-svg.ts';
import { latex, matrixToCsv, matrixToLatex } from './matrix-text.ts';
import { cellOf, cellsAt, failedCell, type Matrix, type MatrixCell, readingOf, withCell } from './matrix.ts';

const cell = (changes: Partial<MatrixCell> = {}): MatrixCell => ({
  ...cellOf('blend', 1, {
    id: 'strip',
    verdict: 'backdoored',
    score: 0.5,
    flagged: [3, 5],
    metrics: { tpr_at_1_fpr: 0.9731, auroc: 0.99 },
    seconds: 2.25,
    control: { verdict: 'clean', score: 0.01 },
    evidence: [],
    weights: null,
  }),
  ...changes,
});

const matrix = (cells: readonly MatrixCell[]): Matrix => ({
  title: 'A & B <50 %>',
  attacks: [
    { id: 'pixel', title: 'Pixel_4' },
    { id: 'blend', title: 'Blend, 10 %' },
  ],
  defenses: [
    { id: 'strip', title: 'STRIP', kind: 'guards_input' },
    { id: 'clp', title: 'CLP', kind: 'repairs_model' },
  ],
  cells,
});

describe('a place in the matrix', () => {
  it('reads a guard by its true positives at 1 % false ones, as a mean over seeds', () => {
    const two = [cell({ metrics: { tpr_at_1_fpr: 1 } }), cell({ seed: 2, metrics: { tpr_at_1_fpr: 0.5 } })];
    expect(readingOf(two, 'guards_input')).toEqual({ text: '75.0 %', held: 0.75 });
  });

  it('reads a repair by attack success before and after', () => {
    const metrics = { attack_success_before: 0.998, attack_success_after: 0.25 };
    const reading = readingOf([cell({ verdict: 'repaired', metrics })], 'repairs_model');
    expect(reading).toEqual({ text: '99.8 % → 25.0 %', held: 0.75 });
  });

  it('reads an inspection by how many seeds found the backdoor', () => {
    const seeds = [3.2, 2.6, 1.5].map((score, at) =>
      cell({ seed: at, score, verdict: score > 2 ? 'backdoored' : 'clean' }),
    );
    const { text, held } = readingOf(seeds, 'inspects_model');
    expect(text).toBe('found 2/3 2.4');
    expect(held).toBeCloseTo(2 / 3);
    expect(readingOf([cell({ verdict: 'undecided', score: null })], 'inspects_model').held).toBeNull();
  });

  it('leaves out seeds that failed, and says the code where none is left', () => {
    const failed = failedCell('blend', 'strip', 2, { code: 'E-DEFENSE', what: 'No.' });
    expect(readingOf([cell(), failed], 'guards_input').text).toBe('97.3 %');
    expect(readingOf([failed], 'guards_input')).toEqual({ text: 'E-DEFENSE', held: null });
    expect(readingOf([], 'guards_input')).toEqual({ text: '', held: null });
  });

  it('is filled anew by the same seed, and keeps other seeds', () => {
    const cells = withCell(withCell([cell()], cell({ seed: 2 })), cell({ score: 0.1 }));
    expect(cellsAt({ cells }, 'blend', 'strip').map(({ seed, score }) => [seed, score])).toEqual([
      [2, 0.5],
      [1, 0.1],
    ]);
  });
});

describe('the matrix as a file', () => {
  it('has every figure in its CSV, in the order of the axes, whatever order it was filled in', () => {
    const cells = [
      cell({ seed: 2 }),
      failedCell('pixel', 'clp', 1, { code: 'E-DEFENSE', what: 'No, "none".' }),
      cell(),
    ];
    const [head = '', ...lines] = matrixToCsv(matrix(cells)).trimEnd().split('\n');
    const columns = head.split(',');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^pixel,clp,1,,,,.*"E-DEFENSE: No, ""none""\."$/);
    const second = lines[1]?.split(',') ?? [];
    const value = (name: string) => second[columns.indexOf(name)];
    expect([value('attack'), value('seed'), value('tpr_at_1_fpr')]).toEqual(['blend', '1', '0.9731']);
    expect([value('flagged'), value('control_verdict'), value('seconds')]).toEqual(['2', 'clean', '2.25']);
    expect(value('attack_success_after')).toBe('');
    expect(lines[2]).toMatch(/^blend,strip,2,/);
  });

  it('is a LaTeX table with as many cells in each row as columns, and no mark unescaped', () => {
    const text = matrixToLatex(matrix([cell()]));
    const rows = text.split('\n').filter((line) => line.endsWith('\\\\'));
    expect(rows).toEqual([
      '  Attack & STRIP & CLP \\\\',
      '  Pixel\\_4 & -- & -- \\\\',
      '  Blend, 10 \\% & 97.3 \\% & -- \\\\',
    ]);
    expect(text).toContain('\\begin{tabular}{lrr}');
    expect(latex('a→b^2 \\ {x}')).toBe('a$\\to$b\\textasciicircum{}2 \\textbackslash{} \\{x\\}');
  });

  it('is an SVG with a rectangle for each place, and text that cannot break it', () => {
    const svg = matrixToSvg(matrix([cell()]));
    expect(svg.match(/<rect x=/g)).toHaveLength(4);
    expect(svg).toContain('<title>A &amp; B &lt;50 %&gt;</title>');
    expect(svg).toContain('>97.3 %</text>');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('colours what held unlike what did not, and neither as what is unknown', () => {
    const colors = [cellColor(1), cellColor(0), cellColor(null), cellColor(0.5)];
    expect(new Set(colors).size).toBe(4);
    expect(cellColor(7)).toBe(cellColor(1));
  });
});
