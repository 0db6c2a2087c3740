/** The values of a Backdoors 101 document, checked against the types of its keys, before they mean anything. */
import { BACKDOORS_101_KEYS, backdoors101Key, type Backdoors101Type } from './backdoors101-keys.ts';
import { describeValue } from './describe.ts';
import { equalValues } from './delta.ts';
import { suggest } from './nearest.ts';
import type { ConfigProblem } from './problem.ts';
import { isRecord } from './walk.ts';

/** The honoured keys by type; null where the document has none, or an empty one. */
export interface Backdoors101Values {
  boolean(key: string): boolean | null;
  number(key: string): number | null;
  text(key: string): string | null;
  texts(key: string): string[] | null;
  integers(key: string): number[] | null;
  scales(key: string): Record<string, number> | null;
}

export interface Backdoors101Reading {
  values: Backdoors101Values;
  /** Unknown keys and values of the wrong type. */
  problems: ConfigProblem[];
  /** Keys that are not honoured, each with the reason. */
  warnings: ConfigProblem[];
}

/** What an adapter finds: problems, warnings, and which key each path came from. */
export interface Findings {
  problems: ConfigProblem[];
  warnings: ConfigProblem[];
  sources: Map<string, string>;
}

/** A problem or warning about one of their keys. */
export function keyProblem(
  key: string,
  code: 'E-CONFIG-KEY' | 'E-CONFIG-VALUE',
  what: string,
  why: string,
  fix: string,
): ConfigProblem {
  const at = code === 'E-CONFIG-KEY' ? 'key' : 'value';
  return { code, what: `${key}: ${what}`, why, fix, where: key, path: [key], at };
}

const TYPE_NAMES: Record<Backdoors101Type, string> = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  text: 'a text',
  texts: 'a list of names',
  integers: 'a list of whole numbers',
  scales: 'a map of names to numbers',
  any: 'a value',
};

/** The value in the type of its key, or undefined. PyYAML reads yes, no, on and off as switches, so this does too. */
function convert(type: Backdoors101Type, value: unknown): unknown {
  switch (type) {
    case 'boolean':
      if (typeof value === 'string' && /^(yes|on|y)$/i.test(value)) return true;
      if (typeof value === 'string' && /^(no|off|n)$/i.test(value)) return false;
      return typeof value === 'boolean' ? value : undefined;
    case 'integer':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'text':
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
    case 'integers':
      return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item)) ? value : undefined;
    case 'scales':
      return isRecord(value) && Object.values(value).every((item) => Number.isFinite(item))
        ? value
        : undefined;
    case 'any':
      return value;
  }
}

/** Reads every key of a document: into its type, or into a problem or warning that names it. */
export function readBackdoors101(document: Record<string, unknown>): Backdoors101Reading {
  const problems: ConfigProblem[] = [];
  const warnings: ConfigProblem[] = [];
  const read = new Map<string, unknown>();
  for (const [key, value] of Object.entries(document)) {
    const known = backdoors101Key(key);
    if (known === null) {
      problems.push(unknownKeyProblem(key));
    } else if ('unsupported' in known) {
      if (known.idle.some((idle) => equalValues(idle, value))) continue;
      const { why, fix } = known.unsupported;
      warnings.push(keyProblem(key, 'E-CONFIG-KEY', 'this key has no effect here.', why, fix));
    } else if (value !== null && value !== undefined && !(known.none ?? []).includes(value)) {
      const converted = convert(known.type, value);
      if (converted === undefined) problems.push(typeProblem(key, known.type, value));
      else read.set(key, converted);
    }
  }
  const get = (key: string): unknown => read.get(key) ?? null;
  return {
    values: {
      boolean: (key) => get(key) as boolean | null,
      number: (key) => get(key) as number | null,
      text: (key) => get(key) as string | null,
      texts: (key) => get(key) as string[] | null,
      integers: (key) => get(key) as number[] | null,
      scales: (key) => get(key) as Record<string, number> | null,
    },
    problems,
    warnings,
  };
}

function unknownKeyProblem(key: string): ConfigProblem {
  return keyProblem(
    key,
    'E-CONFIG-KEY',
    `unknown key ${key}.`,
    'The document is written in the keys of Backdoors 101, which has none of this name.',
    suggest(key, Object.keys(BACKDOORS_101_KEYS)),
  );
}

/** Why a value is not of its type; a number may be none to count with. */
function unfit(type: Backdoors101Type, value: unknown): string {
  if (typeof value !== 'number') return `not ${TYPE_NAMES[type]}`;
  if (type === 'number') return 'not a finite number';
  return type === 'integer' && Number.isInteger(value) ? 'too large' : `not ${TYPE_NAMES[type]}`;
}

function typeProblem(key: string, type: Backdoors101Type, value: unknown): ConfigProblem {
  const number =
    (type === 'number' || type === 'integer') && typeof value === 'string' && value.trim() !== '';
  return keyProblem(
    key,
    'E-CONFIG-VALUE',
    `${describeValue(value)} is ${unfit(type, value)}.`,
    `Backdoors 101 takes ${TYPE_NAMES[type]} here.`,
    number && Number.isFinite(Number(value))
      ? `Write ${value.trim()} without quotes.`
      : 'Correct it or take it out.',
  );
}
