import { isAlias, isCollection, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Range as NodeRange } from 'yaml';
import type { PathSegment } from './problem.ts';

/**
 * Where a key or value stands in the text, as offsets; for what is not written there, the nearest section above that
 * is. Null for the document as a whole.
 */
export function locate(
  document: Document.Parsed,
  path: readonly PathSegment[],
  at: 'key' | 'value',
): NodeRange | null {
  let node: unknown = document.contents;
  let place: NodeRange | null = null;
  for (const [depth, segment] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    let key: unknown = null;
    let value: unknown;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(segment),
      );
      if (pair === undefined) break;
      ({ key, value } = pair);
    } else if (isSeq(node) && typeof segment === 'number' && segment < node.items.length) {
      value = node.items[segment];
    } else break;
    const ofKey = isScalar(key) ? (key.range ?? null) : null;
    const ofValue = rangeOf(value);
    const last = depth === path.length - 1;
    place = (last && at === 'key' ? ofKey : last ? ofValue : ofKey) ?? ofKey ?? ofValue ?? place;
    node = value;
  }
  return place;
}

/** Where a value is written; null for an empty one and for a block section, which its key shows better. */
function rangeOf(value: unknown): NodeRange | null {
  if (isScalar(value) || isAlias(value)) {
    const { range } = value;
    return range && range[1] > range[0] ? range : null;
  }
  return isCollection(value) && value.flow === true ? (value.range ?? null) : null;
}
