/** Reading and writing a nested config by dotted path (`training.optimizer.momentum`), without changing the original. */

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path, or undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: string): unknown {
  let value: unknown = root;
  for (const key of path.split('.')) {
    if (!isTree(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy with another value at a path; objects that are missing on the way are made. */
export function withValueAt(root: unknown, path: string, value: unknown): Tree {
  const [key = '', ...rest] = path.split('.');
  const tree = isTree(root) ? root : {};
  return { ...tree, [key]: rest.length === 0 ? value : withValueAt(tree[key], rest.join('.'), value) };
}

/** A copy without the key at a path. */
export function withoutPath(root: unknown, path: string): Tree {
  const [key = '', ...rest] = path.split('.');
  const tree: Tree = isTree(root) ? { ...root } : {};
  if (rest.length === 0) delete tree[key];
  else if (isTree(tree[key])) tree[key] = withoutPath(tree[key], rest.join('.'));
  return tree;
}

/** Dotted paths of the leaves whose values differ. Arrays count as leaves. */
export function differingPaths(left: unknown, right: unknown, prefix = ''): string[] {
  if (isTree(left) && isTree(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) =>
      differingPaths(left[key], right[key], prefix === '' ? key : `${prefix}.${key}`),
    );
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [prefix];
}
