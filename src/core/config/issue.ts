/** One finding of the schema, told as a problem that names the key, what was given and what may stand there. */
import { z } from 'zod';
import { describeType, describeValue, limitsOf } from './describe.ts';
import { nearest, suggest } from './nearest.ts';
import { dotted, type ConfigProblem, type PathSegment } from './problem.ts';
import { allPaths, kindsOf, lookUp, unwrap, valueAt } from './walk.ts';
import { asSentence } from '../error-words.ts';

/** A key that the schema does not have: the nearest known one, and where it would belong. */
export function unknownKey(path: PathSegment[], root: unknown): ConfigProblem {
  const key = String(path.at(-1) ?? '');
  const parent = path.slice(0, -1);
  const place = parent.length === 0 ? 'the experiment' : dotted(parent);
  const lookup = lookUp(path, root);
  const known = lookup.found ? [] : lookup.known;
  return {
    code: 'E-CONFIG-KEY',
    what: `${dotted(path)}: unknown key ${key}.`,
    why:
      known.length === 0 ? `Nothing can stand in ${place}.` : `${capital(place)} knows ${known.join(', ')}.`,
    fix: lookup.found ? '' : keyFix(key, known, lookup.kinds, parent),
    where: dotted(path),
    path,
    at: 'key',
  };
}

function keyFix(
  key: string,
  known: string[],
  kinds: { current: string; knowing: string[] } | null,
  parent: PathSegment[],
): string {
  if (kinds !== null)
    return `${key} belongs to kind ${kinds.knowing.join(' or ')}, and ${dotted([...parent, 'kind'])} is ${kinds.current}.`;
  const close = nearest(key, known);
  if (close?.close === true) return `Did you mean ${close.word}?`;
  const elsewhere = allPaths().filter((path) => path.endsWith(`.${key}`));
  const nearestKnown = close === null ? 'Take it out.' : `The nearest known key is ${close.word}.`;
  return elsewhere.length === 0
    ? nearestKnown
    : `It belongs at ${elsewhere.slice(0, 3).join(' or ')}. ${nearestKnown}`;
}

/** A value of the wrong type or out of range. */
export function describeIssue(issue: z.core.$ZodIssue, path: PathSegment[], root: unknown): ConfigProblem {
  if (issue.code === 'invalid_union') return unionProblem(path, root);
  const name = path.length === 0 ? 'The experiment' : dotted(path);
  const given = valueAt(root, path);
  const lookup = lookUp(path, root);
  const base = { code: 'E-CONFIG-VALUE' as const, where: dotted(path), path, at: 'value' as const };
  if (!lookup.found)
    return {
      ...base,
      what: asSentence(`${name}: ${issue.message}`),
      why: '',
      fix: 'Correct it or take it out.',
    };
  const { schema } = lookup;
  const { fallback, type } = unwrap(schema);
  const options = limitsOf(type).enum?.map(String);
  const expected = issue.code === 'invalid_format' ? issue.message : describeType(schema);
  return {
    ...base,
    what: `${name}: ${describeValue(given)} ${verdict(issue, type)}.`,
    why: `It must be ${expected}.`,
    fix: [
      typeof given === 'string' && options !== undefined ? suggest(given, options) : '',
      quoted(given, type),
      fallback === undefined || typeof fallback === 'object'
        ? 'Correct it, or leave it out for the default.'
        : `Correct it, or leave it out for the default, ${JSON.stringify(fallback)}.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  };
}

function verdict(issue: z.core.$ZodIssue, type: z.core.$ZodType): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'array'
        ? 'has too many items'
        : issue.origin === 'string'
          ? 'is too long'
          : 'is too large';
    case 'too_small':
      return issue.origin === 'array' ? 'has too few items' : 'is too small';
    case 'invalid_format':
      return 'does not have the right form';
    case 'invalid_value':
      return 'is not one of the known values';
    default:
      return `is not ${describeType(type).replace(/ (from|of at least|of at most|above|, each) .*$/, '')}`;
  }
}

/** A number or a switch that was written in quotes. */
function quoted(given: unknown, type: z.core.$ZodType): string {
  if (typeof given !== 'string' || given.trim() === '') return '';
  if (type instanceof z.ZodNumber && Number.isFinite(Number(given)))
    return `Write ${given.trim()} without quotes.`;
  if (type instanceof z.ZodBoolean && /^(yes|on|true)$/i.test(given)) return 'Write true.';
  if (type instanceof z.ZodBoolean && /^(no|off|false)$/i.test(given)) return 'Write false.';
  return '';
}

function unionProblem(path: PathSegment[], root: unknown): ConfigProblem {
  const section = path.slice(0, -1);
  const lookup = lookUp(section, root);
  const kinds = lookup.found ? [...(kindsOf(lookup.schema)?.keys() ?? [])] : [];
  const given = valueAt(root, path);
  const missing = given === undefined;
  return {
    code: 'E-CONFIG-VALUE',
    what: missing
      ? `${dotted(section)}: the key kind is missing.`
      : `${dotted(path)}: ${typeof given === 'string' ? `'${given.slice(0, 40)}'` : describeValue(given)} is not one of ${kinds.join(', ')}.`,
    why: missing
      ? `The kind says which keys the section has: ${kinds.join(', ')}.`
      : 'The kind says which keys the section has.',
    fix: missing
      ? `Add kind: ${kinds[0] ?? ''}, or another of them.`
      : typeof given === 'string'
        ? suggest(given, kinds)
        : `Write one of ${kinds.join(', ')}.`,
    where: dotted(path),
    path: missing ? section : path,
    at: 'value',
  };
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
