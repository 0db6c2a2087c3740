/** Types, ranges and given values in words, read from the schema, for errors, hover help and docs. */
import { z } from 'zod';
import { unwrap } from './walk.ts';

/** The limits of one field, as JSON Schema tells them. */
export interface Limits {
  type?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
}

/** Forms ask for the same ones each time they are drawn, and making a JSON Schema is slow. */
const known = new WeakMap<z.core.$ZodType, Readonly<Limits>>();

/** Limits of a leaf; numbers at the end of the safe integers count as no limit. */
export function limitsOf(schema: z.core.$ZodType): Readonly<Limits> {
  const { type } = unwrap(schema);
  const limits = known.get(type) ?? limitsOfType(type);
  known.set(type, limits);
  return limits;
}

function limitsOfType(type: z.core.$ZodType): Limits {
  const limits = { ...(z.toJSONSchema(type, { io: 'input', target: 'draft-7' }) as Limits) };
  if (limits.maximum === Number.MAX_SAFE_INTEGER) delete limits.maximum;
  if (limits.minimum === Number.MIN_SAFE_INTEGER) delete limits.minimum;
  return limits;
}

function range(limits: Limits): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = limits;
  const upper =
    maximum !== undefined
      ? String(maximum)
      : exclusiveMaximum !== undefined
        ? `below ${exclusiveMaximum}`
        : '';
  if (minimum !== undefined) return upper === '' ? `of at least ${minimum}` : `from ${minimum} to ${upper}`;
  if (exclusiveMinimum === undefined) return upper === '' ? '' : `of at most ${upper}`;
  return `above ${exclusiveMinimum}${upper === '' ? '' : `, at most ${upper}`}`;
}

/** `a whole number from 1 to 65536 (examples)`, `one of sgd, adam`, `true or false`. */
export function describeType(schema: z.core.$ZodType): string {
  const { type, meta, nullable } = unwrap(schema);
  const unit = meta.unit === undefined ? '' : ` (${meta.unit})`;
  const empty = nullable ? ', or null for none' : '';
  return `${describeBare(type)}${unit}${empty}`;
}

function describeBare(type: z.core.$ZodType): string {
  if (type instanceof z.ZodDiscriminatedUnion || type instanceof z.ZodObject) return 'a section of keys';
  if (type instanceof z.ZodRecord) return 'a map of names to numbers';
  if (type instanceof z.ZodTuple)
    return `a list of ${type.def.items.length}: ${type.def.items.map((item) => describeType(item)).join('; ')}`;
  const limits = limitsOf(type);
  if (type instanceof z.ZodArray) {
    const { minItems, maxItems } = limits;
    const size =
      minItems !== undefined
        ? ` of at least ${minItems}`
        : maxItems !== undefined
          ? ` of at most ${maxItems}`
          : '';
    return `a list${size}, each ${describeType(type.element)}`;
  }
  if (limits.enum !== undefined) return `one of ${limits.enum.map(String).join(', ')}`;
  if (limits.const !== undefined) return JSON.stringify(limits.const);
  switch (limits.type) {
    case 'integer':
      return `a whole number ${range(limits)}`.trim();
    case 'number':
      return `a number ${range(limits)}`.trim();
    case 'boolean':
      return 'true or false';
    case 'string':
      return textLimits(limits);
    default:
      return 'a value';
  }
}

function textLimits({ minLength = 0, maxLength }: Pick<Limits, 'minLength' | 'maxLength'>): string {
  if (maxLength === undefined) return 'text';
  return `text of ${minLength > 0 ? `${minLength} to ${maxLength}` : `at most ${maxLength}`} characters`;
}

/** A given value in words, short: `the text "abc"`, `a list of 3`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing (null)';
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value)}`;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'a section of keys' : `a ${typeof value}`;
}
