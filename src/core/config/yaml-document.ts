/**
 * YAML text as plain data, with the place of everything in it. Texts that would take long or fill the memory (too
 * large, too deep, too many aliases) are refused before they are expanded.
 */
import { Composer, CST, isAlias, isCollection, isMap, isSeq, Lexer, LineCounter, Parser } from 'yaml';
import type { Document, Node, Range as NodeRange } from 'yaml';
import type { ErrorCode } from '../errors.ts';
import type { PathSegment } from './problem.ts';
import { locate } from './yaml-locate.ts';

export const MAX_DOCUMENT_BYTES = 256 * 1024;
const MAX_DEPTH = 32;
const MAX_ALIASES = 100;
/** Keys of one map: the check for duplicates compares each with each. */
const MAX_KEYS = 1000;
const MAX_ERRORS = 20;
const TOO_DEEP = `The document nests more than ${MAX_DEPTH} levels.`;

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
  const tokens: CST.Token[] = [];
  const excess = tokenize(text, lines, tokens) ?? findExcess(tokens);
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
  const odd = findOdd(document);
  if (odd !== null) {
    const place = odd.node.range ? range(odd.node.range) : TOP;
    return odd.what === 'key'
      ? fault(
          'E-CONFIG-KEY',
          'A key is a list, a map or an alias.',
          'Keys of an experiment are words.',
          'Write a word before the colon.',
          place,
        )
      : fault(
          'E-CONFIG',
          'An alias stands for nothing.',
          'A word after * repeats what & named before it.',
          'Put a text that starts with * in quotes.',
          place,
        );
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (hasCycle(value, new Set())) throw new ReferenceError('cycle');
    return {
      ok: true,
      value,
      locate: (path, at) => {
        const place = locate(document, path, at);
        return place === null ? TOP : range(place);
      },
    };
  } catch {
    return fault(
      'E-CONFIG-SIZE',
      'The aliases of the document expand without bound.',
      `Each alias repeats what it stands for; here that is more than ${MAX_ALIASES} times.`,
      'Write the values out, without & and *.',
    );
  }
}

/**
 * Splits the text into tokens, and stops at brackets or indicators (`- - -`) that nest too deep and at too many
 * aliases, before any of them costs time. Returns what is too much.
 */
function tokenize(text: string, lines: LineCounter, tokens: CST.Token[]): string | null {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let brackets = 0;
  let indicators = 0;
  let aliases = 0;
  let scalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: ReturnType<typeof CST.tokenType> = scalar ? null : CST.tokenType(lexeme);
    scalar = type === 'scalar' && lexeme === CST.SCALAR;
    if (type === 'flow-map-start' || type === 'flow-seq-start') brackets += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') brackets -= 1;
    if (type === 'newline') indicators = 0;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') indicators += 1;
    if (type === 'alias') aliases += 1;
    if (brackets > MAX_DEPTH || indicators > MAX_DEPTH + 1) return TOO_DEEP;
    if (aliases > MAX_ALIASES) return `The document has more than ${MAX_ALIASES} aliases.`;
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  return null;
}

/** Walks the tokens, not the tree: composing a document that nests too deep would overflow the stack. */
function findExcess(tokens: readonly CST.Token[]): string | null {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return TOO_DEEP;
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

/** A node that a document may not have: a list or map as a key, or an alias that stands for nothing. */
function findOdd(document: Document.Parsed): { node: Node; what: 'key' | 'alias' } | null {
  const open: unknown[] = [document.contents];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isAlias(node) && node.resolve(document) === undefined) return { node, what: 'alias' };
    if (isMap(node)) {
      for (const pair of node.items) {
        if (isCollection(pair.key) || isAlias(pair.key)) return { node: pair.key, what: 'key' };
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
