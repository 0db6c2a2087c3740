import { expect, test } from 'vitest';
import { differingPaths, valueAt, withoutPath, withValueAt } from './config-path.ts';

const tree = { a: { b: 1, c: [1, 2] }, d: null };

test('reads a nested value, and undefined where the path leads nowhere', () => {
  expect(valueAt(tree, 'a.b')).toBe(1);
  expect(valueAt(tree, 'd')).toBeNull();
  expect(valueAt(tree, 'd.e')).toBeUndefined();
  expect(valueAt(tree, 'a.c.0')).toBeUndefined();
});

test('writes a copy and leaves the original as it was', () => {
  const changed = withValueAt(tree, 'a.b', 5);
  expect(changed).toEqual({ a: { b: 5, c: [1, 2] }, d: null });
  expect(tree.a.b).toBe(1);
  expect(valueAt(withValueAt(tree, 'x.y.z', true), 'x.y.z')).toBe(true);
});

test('removes a key, and does nothing where there is none', () => {
  expect(withoutPath(tree, 'a.b')).toEqual({ a: { c: [1, 2] }, d: null });
  expect(withoutPath(tree, 'q.b')).toEqual(tree);
  expect(tree.a.b).toBe(1);
});

test('lists the leaves that differ, an array as one leaf, a missing key by its path', () => {
  expect(differingPaths(tree, { a: { b: 2, c: [1, 3] }, d: null })).toEqual(['a.b', 'a.c']);
  expect(differingPaths({ k: { kind: 'x', p: 1 } }, { k: { kind: 'y' } })).toEqual(['k.kind', 'k.p']);
  expect(differingPaths(tree, structuredClone(tree))).toEqual([]);
});
