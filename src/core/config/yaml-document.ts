/**
 * YAML text as plain data, with the place of everything in it. Texts that would take long or fill the memory (too
 * large, too deep, too many aliases) are refused before they are expanded.
 */
import { Composer, isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, Parser } from 'yaml';
import type { CST, Document, Node, Range as NodeRange } from 'yaml';
import type { ErrorCode } from '../errors.ts';
import type { PathSegment } from './problem.ts';

export const MAX_DOCUMENT_BYTES = 256 * 1024;
const MAX_DEPTH = 32;
const MAX_ALIASES = 100;
/** Keys of one map: the check for duplicates compares each with each. */
const MAX_KEYS = 1000;
const MAX_ERRORS = 20;

/** A place in the text; lines and columns count from 1, the end is exclusive. */
export interface TextRange {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface YamlFault {
  code: ErrorCode;
  what: string;
  why: string;
  fix: string;
  range: TextRange;
}

export type YamlReading =
  | { ok: true; value: unknown; locate: (path: readonly PathSegment[], at: 'key' | 'value') => TextRange }
  | { ok: false; faults: YamlFault[] };

const TOP: TextRange = { line: 1, column: 1, endLine: 1, endColumn: 1 };

function fault(code: ErrorCode, what: string, why: string, fix: string, range: TextRange = TOP): YamlReading {
  return { ok: false, faults: [{ code, what, why, fix, range }] };
}

/** Reads one YAML document. Never throws; takes time in proportion to the text. */
export function readYaml(text: string): YamlReading {
  const bytes = text.length > MAX_DOCUMENT_BYTES ? text.length : new TextEncoder().encode(text).length;
  if (bytes > MAX_DOCUMENT_BYTES)
    return fault(
      'E-CONFIG-SIZE',
      `The document has ${Math.ceil(bytes / 1024)} KiB.`,
      `An experiment has at most ${MAX_DOCUMENT_BYTES / 1024} KiB.`,
      'Check that it is an experiment; bring data and models as files of their own.',
    );
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const excess = findExcess(tokens);
  if (excess !== null)
    return fault(
      'E-CONFIG-SIZE',
      excess,
      `An experiment has at most ${MAX_DEPTH} levels, ${MAX_ALIASES} aliases and ${MAX_KEYS} keys in a section.`,
      'Write it out without aliases, or take out what is not part of the experiment.',
    );
  const documents = [...new Composer({ merge: true }).compose(tokens, true, text.length)];
  const [document] = documents;
  if (document === undefined || documents.length > 1)
    return fault(
      'E-CONFIG',
      `The text holds ${documents.length} documents.`,
      'One file is one experiment; a line of --- starts another document.',
      'Keep one of them in this file.',
    );
  const range = (offsets: NodeRange | [number, number]): TextRange =>
    textRange(lines, offsets[0], offsets[1]);
  const wrong = [...document.errors, ...document.warnings].slice(0, MAX_ERRORS);
  if (wrong.length > 0)
    return {
      ok: false,
      faults: wrong.map((error) => ({
        code: error.code === 'DUPLICATE_KEY' ? 'E-CONFIG-KEY' : 'E-CONFIG',
        ...syntaxWords(error.code, error.message),
        range: range(error.pos),
      })),
    };
  return toValue(document, range);
}

function toValue(document: Document.Parsed, range: (offsets: NodeRange) => TextRange): YamlReading {
  const odd = findOddKey(document);
  if (odd !== null)
    return fault(
      'E-CONFIG-KEY',
      'A key is a list or a map.',
      'Keys of an experiment are words.',
      'Write a word before the colon.',
      odd.range ? range(odd.range) : TOP,
    );
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (hasCycle(value, new Set())) throw new ReferenceError('cycle');
    return { ok: true, value, locate: (path, at) => locate(document, path, at, range) };
  } catch {
    return fault(
      'E-CONFIG-SIZE',
      'The aliases of the document expand without bound.',
      `Each alias repeats what it stands for; here that is more than ${MAX_ALIASES} times.`,
      'Write the values out, without & and *.',
    );
  }
}

/** Walks the tokens, not the tree: composing a document that nests too deep would overflow the stack. */
function findExcess(tokens: readonly CST.Token[]): string | null {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  let aliases = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return `The document nests more than ${MAX_DEPTH} levels.`;
    if (token.type === 'alias') aliases += 1;
    if (aliases > MAX_ALIASES) return `The document has more than ${MAX_ALIASES} aliases.`;
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    let keys = 0;
    for (const item of token.items) {
      if (item.key) {
        keys += 1;
        open.push({ token: item.key, depth: depth + 1 });
      }
      if (item.value) open.push({ token: item.value, depth: depth + 1 });
    }
    if (keys > MAX_KEYS) return `A section of the document has more than ${MAX_KEYS} keys.`;
  }
  return null;
}

function findOddKey(document: Document.Parsed): Node | null {
  const open: unknown[] = [document.contents];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isMap(node)) {
      for (const pair of node.items) {
        if (isCollection(pair.key) || isAlias(pair.key)) return pair.key;
        open.push(pair.value ?? null);
      }
    } else if (isSeq(node)) open.push(...node.items);
  }
  return null;
}

function hasCycle(value: unknown, above: Set<unknown>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((child) => hasCycle(child, above));
  above.delete(value);
  return found;
}

/** The text of a key or value; where it does not stand in the text, of the nearest section above that does. */
function locate(
  document: Document.Parsed,
  path: readonly PathSegment[],
  at: 'key' | 'value',
  range: (offsets: NodeRange) => TextRange,
): TextRange {
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
  return place === null ? TOP : range(place);
}

/** Where a value is written; null for an empty one and for a block section, which its key shows better. */
function rangeOf(value: unknown): NodeRange | null {
  if (isScalar(value) || isAlias(value)) {
    const { range } = value;
    return range && range[1] > range[0] ? range : null;
  }
  return isCollection(value) && value.flow === true ? (value.range ?? null) : null;
}

function textRange(lines: LineCounter, start: number, end: number): TextRange {
  const first = lines.linePos(start);
  const last = lines.linePos(Math.max(start, end));
  return {
    line: Math.max(1, first.line),
    column: Math.max(1, first.col),
    endLine: Math.max(1, last.line),
    endColumn: Math.max(1, last.col),
  };
}

function syntaxWords(code: string, message: string): Pick<YamlFault, 'what' | 'why' | 'fix'> {
  const sentence = message.split('\n', 1)[0] ?? message;
  switch (code) {
    case 'DUPLICATE_KEY':
      return {
        what: 'A key stands twice in one section.',
        why: 'Only one value can count.',
        fix: 'Keep one of the two.',
      };
    case 'TAB_AS_INDENT':
      return {
        what: 'A tab is used to indent.',
        why: 'YAML indents with spaces.',
        fix: 'Write spaces instead.',
      };
    default:
      return {
        what: 'The text is not YAML.',
        why: `${sentence}.`.replace(/\.\.$/, '.'),
        fix: 'Correct it at this place.',
      };
  }
}
