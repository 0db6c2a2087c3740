/** An experiment as what differs from the defaults, and back. Short documents and short links are made of it. */
import { parseConfig } from './parse.ts';
import { defaultConfig, type ExperimentConfig } from './schema.ts';
import { isRecord, property } from './walk.ts';

/** A tree of the keys that differ; the same shape as an experiment, every key optional. */
export type ConfigDelta = Record<string, unknown>;

/**
 * The keys of `config` that differ from `base`. Lists differ as wholes; a section of another kind is kept whole;
 * a section of the same kind keeps its `kind` and what differs.
 */
export function configDelta(config: ExperimentConfig, base: ExperimentConfig = defaultConfig): ConfigDelta {
  return sectionDelta(config, base) ?? {};
}

function sectionDelta(value: Record<string, unknown>, base: Record<string, unknown>): ConfigDelta | null {
  const delta: ConfigDelta = {};
  for (const [key, child] of Object.entries(value)) {
    const other = base[key];
    if (isRecord(child) && isRecord(other) && sameSection(child, other)) {
      const below = sectionDelta(child, other);
      if (below !== null) delta[key] = 'kind' in child ? { kind: child['kind'], ...below } : below;
    } else if (!equalValues(child, other)) {
      delta[key] = structuredClone(child);
    }
  }
  return Object.keys(delta).length === 0 ? null : delta;
}

/** Whether a difference can be told key by key: the same kind, and no key of the base left out. */
function sameSection(value: Record<string, unknown>, base: Record<string, unknown>): boolean {
  return value['kind'] === base['kind'] && Object.keys(base).every((key) => Object.hasOwn(value, key));
}

/** Equality of plain data: numbers, texts, switches, null, lists and maps. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => equalValues(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalValues(a[key], b[key]))
  );
}

/**
 * `delta` laid over `base`, unchecked: lists and sections of another kind replace, other sections merge.
 * Neither argument is changed.
 */
export function mergeDelta(base: unknown, delta: unknown): unknown {
  if (!isRecord(delta)) return structuredClone(delta);
  const keep = isRecord(base) && (delta['kind'] === undefined || delta['kind'] === base['kind']);
  const kept = keep ? Object.entries(base).filter(([key]) => !Object.hasOwn(delta, key)) : [];
  return Object.fromEntries([
    ...kept.map(([key, value]) => [key, structuredClone(value)] as const),
    ...Object.entries(delta).map(
      ([key, value]) => [key, mergeDelta(keep ? property(base, key) : undefined, value)] as const,
    ),
  ]);
}

/**
 * The experiment that a delta stands for.
 * @throws ConfigError when the result is not an experiment.
 */
export function configFromDelta(delta: unknown, base: ExperimentConfig = defaultConfig): ExperimentConfig {
  return parseConfig(mergeDelta(base, delta));
}
