/** `lab reproduce matrix`: every defense of the lab against every attack on MNIST. */
import { defenseMethods } from '../core/defenses/definitions.ts';
import type { DefenseDefinition } from '../core/defenses/defense.ts';
import type { Matrix } from '../core/defenses/matrix.ts';
import { matrixToSvg } from '../core/defenses/matrix-svg.ts';
import { matrixToCsv, matrixToLatex } from '../core/defenses/matrix-text.ts';
import type { ExperimentInput } from '../core/config/schema.ts';
import { isOfMatrix, type Reproduction, REPRODUCTIONS } from '../core/experiment/reproductions.ts';
import { suggest } from '../core/config/nearest.ts';
import { LabError } from '../core/errors.ts';
import { DefenseTrials } from './defense-trials.ts';
import { assertDistinct, assertWritable, writeWhole } from './files.ts';
import { cellWords, type MatrixRow, matrixOf, matrixPage, matrixTable } from './matrix-table.ts';
import { EXIT, printLine, shellQuote, type Terminal } from './output.ts';
import type { ReproduceOptions } from './reproduce.ts';
import { ReproductionRecord } from './reproduction-record.ts';
import { ReproductionRunner } from './reproduction-runner.ts';

/** Those that explain a trigger which they are told have no place in it. */
export const MATRIX_DEFENSES: readonly DefenseDefinition[] = defenseMethods.filter(
  ({ needs }) => needs.trigger !== true,
);

/** The attacks on MNIST, after the same training without one. */
export const MATRIX_ATTACKS: readonly Pick<Reproduction, 'id' | 'title' | 'config'>[] = [
  ...cleanRow(),
  ...REPRODUCTIONS.filter(isOfMatrix),
];

/** The trigger of the pattern attack, which this network was not taught. */
function cleanRow(): Pick<Reproduction, 'id' | 'title' | 'config'>[] {
  const pattern = REPRODUCTIONS.find(({ id }) => id === 'badnets');
  if (!pattern) return [];
  const attack = { ...pattern.config.attack, enabled: false };
  return [{ id: 'none', title: 'No attack', config: { ...pattern.config, name: 'No attack', attack } }];
}

/**
 * Seed by seed and attack by attack; each model is trained once.
 * @param names of attacks or defenses, to run a part of it; none runs all
 * @returns the exit code: 0, since a matrix shows and claims nothing
 * @throws LabError E-CONFIG-VALUE for an unknown name, whatever a run or a defense is refused with, but E-DEFENSE
 */
export async function reproduceMatrix(
  names: readonly string[],
  options: ReproduceOptions,
  terminal: Terminal,
): Promise<number> {
  const { json, doc, table, seeds } = options;
  const { attacks, defenses } = part(names);
  await assertDistinct({ 'the figures': json, 'the page': doc, 'the table': table });
  for (const file of [json, doc, table]) if (file !== undefined) await assertWritable(file);
  const record = await ReproductionRecord.open(json ?? null);
  const stop = new AbortController();
  const stopListening = terminal.onStop(() => stop.abort());
  const runner = new ReproductionRunner(options, record, stop.signal);
  const trials = new DefenseTrials(options, record, stop.signal);
  const rows = attacks.map((attack): MatrixRow => ({ attack, models: [], cells: new Map() }));
  try {
    for (let seed = 1; seed <= seeds; seed++) {
      for (const row of rows) {
        const model = await runner.model(row.attack.config, seed);
        if (!model) continue;
        row.models.push(model);
        for (const definition of defenses) {
          const settings = { kind: definition.id, ...settingsFor(definition, row.attack.config) };
          const cell = await trials.cell(model, { name: definition.id, settings }, false);
          if (!cell) continue;
          row.cells.set(definition.id, [...(row.cells.get(definition.id) ?? []), cell]);
          printLine(
            terminal.err,
            `${row.attack.id} x ${definition.id}, seed ${seed}: ${cellWords(definition, [cell])}`,
          );
        }
      }
    }
  } finally {
    stopListening();
  }
  const ran = rows.filter(({ models }) => models.length > 0);
  const text = matrixTable(ran, defenses);
  if (table !== undefined) await writeWhole(table, writtenAs(table, matrixOf(ran, defenses)));
  if (doc !== undefined) await writeWhole(doc, matrixPage(ran, text, commandLine(names, options)));
  printLine(terminal.out, text);
  return EXIT.ok;
}

/** By the ending of the file. */
function writtenAs(file: string, matrix: Matrix): string {
  if (file.endsWith('.tex')) return matrixToLatex(matrix);
  return file.endsWith('.svg') ? matrixToSvg(matrix) : matrixToCsv(matrix);
}

/** Filters train again where the attack has put something into the training set. */
function settingsFor({ kind, params }: DefenseDefinition, { attack }: ExperimentInput): object {
  const injection = attack?.injection?.kind;
  const poisons = injection === 'data' || injection === 'clean_label';
  return kind === 'filters_data' && 'retrain' in params.shape && poisons && attack?.enabled !== false
    ? { retrain: true }
    : {};
}

function part(names: readonly string[]): {
  attacks: typeof MATRIX_ATTACKS;
  defenses: readonly DefenseDefinition[];
} {
  const plain = names.map((name) => name.replaceAll('_', '-'));
  const named = (id: string): boolean => plain.includes(id.replaceAll('_', '-'));
  const attacks = MATRIX_ATTACKS.filter(({ id }) => named(id));
  const defenses = MATRIX_DEFENSES.filter(({ id }) => named(id));
  const all = [...MATRIX_ATTACKS, ...MATRIX_DEFENSES].map(({ id }) => id);
  assertKnown(plain, all);
  return {
    attacks: attacks.length > 0 ? attacks : MATRIX_ATTACKS,
    defenses: defenses.length > 0 ? defenses : MATRIX_DEFENSES,
  };
}

function assertKnown(names: readonly string[], ids: readonly string[]): void {
  const plain = ids.map((id) => id.replaceAll('_', '-'));
  for (const name of names) {
    if (plain.includes(name)) continue;
    throw new LabError({
      code: 'E-CONFIG-VALUE',
      what: `The matrix has neither an attack nor a defense "${name}".`,
      why: `It has ${ids.join(', ')}.`,
      fix: suggest(name, ids) || 'Choose some of these, or give no name to run all.',
    });
  }
}

function commandLine(names: readonly string[], { seeds, doc, table }: ReproduceOptions): string {
  const files = [
    ...(doc === undefined ? [] : ['--doc', doc]),
    ...(table === undefined ? [] : ['--table', table]),
  ];
  const words = ['matrix', ...names, '--seeds', String(seeds), ...files];
  return ['npm run -s lab -- reproduce', ...words.map(shellQuote)].join(' ');
}
