import { expect, it } from 'vitest';
import { fieldCentres } from './receptive-field.ts';
import { simplenet } from './simplenet.ts';

const conv = { kind: 'conv', name: 'c', filters: 2, kernel: 3, stride: 2, bias: true } as const;

it('knows where each place of a map looks', () => {
  // Conv of 5, pool of 2, conv of 5: 2, then 2.5 and twice as wide steps, then 2.5 + 2 x 2.
  const upToMaps = simplenet.layers([28, 28, 1], 10).slice(0, 5);
  expect(fieldCentres(upToMaps, [28, 28, 1]).rows).toEqual({ first: 6.5, step: 2 });
});

it('counts borders, other ones along rows and columns too', () => {
  const layers = (padding: 'valid' | 'same' | number) => [{ ...conv, padding }];
  // Of 7 pixels `same` adds one on both sides, of 8 one behind alone.
  expect(fieldCentres(layers('same'), [7, 8, 1])).toEqual({
    rows: { first: 0, step: 2 },
    columns: { first: 1, step: 2 },
  });
  expect(fieldCentres(layers('valid'), [7, 7, 1]).rows).toEqual({ first: 1, step: 2 });
  expect(fieldCentres(layers(2), [7, 7, 1]).columns).toEqual({ first: -1, step: 2 });
});

it('goes through the body of a residual block', () => {
  const body = [
    { ...conv, padding: 1 },
    { ...conv, stride: 1, padding: 'valid' as const },
  ];
  const shortcut = [{ ...conv, kernel: 5, stride: 2, padding: 'valid' as const }];
  const block = { kind: 'residual', body, shortcut } as const;
  expect(fieldCentres([block], [9, 9, 1]).rows).toEqual({ first: 2, step: 2 });
});
