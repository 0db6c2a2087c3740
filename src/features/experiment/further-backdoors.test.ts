import { expect, it } from 'vitest';
import { nextTarget } from './further-backdoors.ts';
import { parseIndices } from './IndexListField.tsx';

it('a further backdoor wants a class that no other wants', () => {
  const target = (value: number) => ({ label: { kind: 'one_target' as const, target: value } });
  expect(nextTarget([target(8)])).toEqual({ kind: 'one_target', target: 0 });
  expect(nextTarget([target(0), target(1), { label: { kind: 'all_to_all', shift: 1 } }])).toEqual({
    kind: 'one_target',
    target: 2,
  });
});

it('a list of numbers is read with commas or blanks, and nothing else is', () => {
  expect(parseIndices('3, 17;42\n7')).toEqual([3, 17, 42, 7]);
  for (const text of ['', '3, x', '1.5', '-2']) expect(parseIndices(text)).toBeNull();
});
