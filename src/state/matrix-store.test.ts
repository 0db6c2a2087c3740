import { describe, expect, it } from 'vitest';
import { chooseDefense } from '../core/defenses/choose.ts';
import { failedCell } from '../core/defenses/matrix.ts';
import { LENGTHS, MATRIX_ATTACKS, missing, sweepConfig } from './matrix-store.ts';

describe('a sweep', () => {
  it('goes on with the cells that are missing, row by row', () => {
    const defenses = [chooseDefense('clp'), chooseDefense('strip')];
    const done = failedCell('a', 'clp', 1, { code: 'E-DEFENSE', what: 'No.' });
    const full = ['clp', 'strip'].map((id) => failedCell('c', id, 1, { code: 'E-DEFENSE', what: 'No.' }));
    const rows = missing({ attacks: ['a', 'b', 'c'], defenses, cells: [done, ...full] });
    expect(rows.map(({ attack, defenses: of }) => [attack, of.map(({ kind }) => kind)])).toEqual([
      ['a', ['strip']],
      ['b', ['clp', 'strip']],
    ]);
  });

  it('has at least the eight attacks of its table, each trained as short as was chosen', () => {
    expect(MATRIX_ATTACKS.length).toBeGreaterThanOrEqual(8);
    for (const attack of MATRIX_ATTACKS) {
      const { training, task } = sweepConfig(attack, 'quick');
      expect([training.epochs, training.max_batches]).toEqual([1, LENGTHS.quick.steps]);
      expect(task.test_examples).toBe(LENGTHS.quick.testExamples);
    }
  });

  it('changes nothing of an attack that is to be trained as it is reproduced', () => {
    const [attack] = MATRIX_ATTACKS;
    const wanted = attack?.config.training?.max_batches;
    expect(attack && sweepConfig(attack, 'full').training.max_batches).toBe(wanted);
  });
});
