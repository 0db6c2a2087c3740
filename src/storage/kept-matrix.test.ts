import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { failedCell } from '../core/defenses/matrix.ts';
import { keptMatrix } from './kept-matrix.ts';

const cell = (attack: string, seed = 1, code = 'E-DEFENSE') =>
  failedCell(attack, 'clp', seed, { code, what: 'No.' });

describe('a kept matrix', () => {
  it('gives back each cell of its sweep once, the last one that was written', async () => {
    await keptMatrix.save('small', cell('blend'));
    await keptMatrix.save('small', cell('blend', 2));
    await keptMatrix.save('small', cell('blend', 1, 'E-NAN'));
    await keptMatrix.save('other', cell('wanet'));
    const codes = (await keptMatrix.load('small')).map(({ seed, error }) => [seed, error?.code]);
    expect(codes).toEqual([
      [1, 'E-NAN'],
      [2, 'E-DEFENSE'],
    ]);
  });

  it('forgets one sweep and keeps the others', async () => {
    await keptMatrix.clear('small');
    expect(await keptMatrix.load('small')).toEqual([]);
    expect(await keptMatrix.load('other')).toHaveLength(1);
  });
});
