/**
 * The experiment schema as a tree that can be walked by path: what keys are known where, and what each may hold.
 * A section with a `kind` (a union) is walked by the kind that the document names; without one, all kinds are seen.
 */
import { z } from 'zod';
import { experimentSchema } from './schema.ts';
import type { FieldMeta } from './schema-field.ts';
import type { PathSegment } from './problem.ts';

export interface Unwrapped {
  /** The type without its default and its null. */
  type: z.core.$ZodType;
  meta: Partial<FieldMeta>;
  nullable: boolean;
  /** The default, or undefined when the key is required. */
  fallback: unknown;
}

/** A schema without its wrappers (default, prefault, nullable, optional), and what the wrappers say. */
export function unwrap(schema: z.core.$ZodType): Unwrapped {
  let type = schema;
  let nullable = false;
  let fallback: unknown;
  let meta: Partial<FieldMeta> = {};
  for (;;) {
    meta = { ...z.globalRegistry.get(type), ...meta };
    if (type instanceof z.ZodDefault || type instanceof z.ZodPrefault) {
      fallback ??= type.def.defaultValue;
      type = type.def.innerType;
    } else if (type instanceof z.ZodNullable) {
      nullable = true;
      type = type.def.innerType;
    } else if (type instanceof z.ZodOptional) {
      type = type.def.innerType;
    } else {
      return { type, meta, nullable, fallback };
    }
  }
}

/** The sections that a union chooses from, by kind; null when the schema is no such union. */
export function kindsOf(schema: z.core.$ZodType): Map<string, z.ZodObject> | null {
  const { type } = unwrap(schema);
  if (!(type instanceof z.ZodDiscriminatedUnion)) return null;
  const kinds = new Map<string, z.ZodObject>();
  for (const option of type.options) {
    if (!(option instanceof z.ZodObject)) continue;
    const literal: unknown = option.shape['kind'];
    if (literal instanceof z.ZodLiteral) kinds.set(String(literal.value), option);
  }
  return kinds;
}

/** The keys of a section with their schemas. */
export function shapeOf(section: z.ZodObject): [string, z.core.$ZodType][] {
  const shape: Readonly<Record<string, z.core.$ZodType>> = section.shape;
  return Object.entries(shape);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property of a map; undefined for anything else, prototypes included. */
export function property(value: unknown, key: PathSegment): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<PathSegment, unknown>)[key];
}

/** The value at a path; undefined when there is none. */
export function valueAt(root: unknown, path: readonly PathSegment[]): unknown {
  return path.reduce<unknown>((value, key) => property(value, key), root);
}

/** The keys known in a section, each with its schema; null when the schema is no section. */
export function keysOf(schema: z.core.$ZodType, value: unknown): Map<string, z.core.$ZodType> | null {
  const { type } = unwrap(schema);
  if (type instanceof z.ZodObject) return new Map(shapeOf(type));
  const kinds = kindsOf(type);
  if (kinds !== null) {
    const kind = property(value, 'kind');
    const chosen = typeof kind === 'string' ? kinds.get(kind) : undefined;
    const keys = new Map<string, z.core.$ZodType>();
    for (const section of chosen === undefined ? kinds.values() : [chosen])
      for (const [key, child] of shapeOf(section)) if (!keys.has(key)) keys.set(key, child);
    return keys;
  }
  if (type instanceof z.ZodRecord && type.keyType instanceof z.ZodEnum) {
    const valueType = type.valueType;
    return new Map(type.keyType.options.map((key) => [String(key), valueType]));
  }
  return null;
}

function childOf(schema: z.core.$ZodType, key: PathSegment, value: unknown): z.core.$ZodType | null {
  const { type } = unwrap(schema);
  if (typeof key === 'number') {
    if (type instanceof z.ZodArray) return type.element;
    if (type instanceof z.ZodTuple) return type.def.items[key] ?? null;
    return null;
  }
  return keysOf(schema, value)?.get(key) ?? null;
}

export type Lookup =
  | { found: true; schema: z.core.$ZodType }
  | {
      found: false;
      /** How many segments of the path are known. */
      depth: number;
      /** The keys known there; empty when nothing can stand below. */
      known: string[];
      /** The kind that stands there and the kinds that would know the key, when that is why. */
      kinds: { current: string; knowing: string[] } | null;
    };

/** The schema at a path of the experiment. `root` is the document, which decides between kinds. */
export function lookUp(path: readonly PathSegment[], root: unknown): Lookup {
  let schema: z.core.$ZodType = experimentSchema;
  let value = root;
  for (const [depth, key] of path.entries()) {
    const child = childOf(schema, key, value);
    if (child === null) {
      const current = property(value, 'kind');
      const knowing = [...(kindsOf(schema) ?? [])].filter(([, s]) => Object.hasOwn(s.shape, key));
      return {
        found: false,
        depth,
        known: [...(keysOf(schema, value)?.keys() ?? [])],
        kinds:
          typeof current === 'string' && knowing.length > 0
            ? { current, knowing: knowing.map(([kind]) => kind) }
            : null,
      };
    }
    schema = child;
    value = property(value, key);
  }
  return { found: true, schema };
}

/** Every dotted path of the schema, all kinds of each union included; list elements are not walked. */
export function allPaths(): string[] {
  const paths = new Set<string>();
  const visit = (schema: z.core.$ZodType, prefix: string): void => {
    const { type } = unwrap(schema);
    const sections = type instanceof z.ZodObject ? [type] : [...(kindsOf(type)?.values() ?? [])];
    for (const section of sections)
      for (const [key, child] of shapeOf(section)) {
        const path = prefix === '' ? key : `${prefix}.${key}`;
        paths.add(path);
        visit(child, path);
      }
  };
  visit(experimentSchema, '');
  return [...paths];
}
