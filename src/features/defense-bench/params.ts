/** The parameters of a defense as a form keeps them: what differs from the variant, and whether it can stand. */
import type { FieldInfo } from '../../core/config/fields.ts';
import { sectionFields } from '../../core/config/fields.ts';
import { defense as defenseSchema, type DefenseConfig } from '../../core/config/schema-defense.ts';
import type { DefenseId } from '../../core/defenses/definitions.ts';
import { definitionOf } from './words.ts';

export interface ParamChoice {
  variant: string | null;
  /** Laid over the variant. */
  settings: Readonly<Record<string, unknown>>;
}

export const AS_PUBLISHED: ParamChoice = { variant: null, settings: {} };

/** Settings that a variant makes. */
function variantParams(id: DefenseId, variant: string | null): object {
  return definitionOf(id).variants.find((one) => one.id === variant)?.params ?? {};
}

/** With every default filled in. @throws ZodError where a setting cannot stand; `settingProblem` keeps such ones out */
export function configured(id: DefenseId, { variant, settings }: ParamChoice): DefenseConfig {
  return defenseSchema.parse({ kind: id, ...variantParams(id, variant), ...settings });
}

/** Why a value cannot stand, in a sentence; null where it can. */
export function settingProblem(
  id: DefenseId,
  choice: ParamChoice,
  key: string,
  value: unknown,
): string | null {
  const settings = { ...variantParams(id, choice.variant), ...choice.settings, [key]: value };
  const parsed = defenseSchema.safeParse({ kind: id, ...settings });
  if (parsed.success) return null;
  const info = sectionFields(definitionOf(id).params).find(({ path }) => path === key);
  return info
    ? `This must be ${info.range}.`
    : (parsed.error.issues[0]?.message ?? 'This cannot stand here.');
}

/** What a form can show of a defense: numbers, switches, choices and texts. */
export function formFields(id: DefenseId): FieldInfo[] {
  return sectionFields(definitionOf(id).params).filter(
    ({ type }) => !['list', 'map', 'section'].includes(type),
  );
}

/** Numbers of these names set how long a defense takes; a detector that follows a run has them at most so. */
const LIGHT: Readonly<Record<string, number>> = {
  steps: 40,
  batches: 4,
  examples: 200,
  overlays: 10,
  calibration: 60,
  epochs: 1,
  per_class: 10,
};

/** The same defense with less work: for a detector that looks at a run again and again. */
export function light(config: DefenseConfig): DefenseConfig {
  const fields = formFields(config.kind);
  const given: Readonly<Record<string, unknown>> = config;
  const less: Record<string, unknown> = { ...config };
  for (const { path, minimum } of fields) {
    const most = LIGHT[path];
    const value = given[path];
    if (most === undefined || typeof value !== 'number') continue;
    less[path] = Math.max(minimum ?? 0, Math.min(value, most));
  }
  const parsed = defenseSchema.safeParse(less);
  return parsed.success ? parsed.data : config;
}
