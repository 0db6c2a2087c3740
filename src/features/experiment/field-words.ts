/** Small sayings of a form about one field of the experiment. */
import type { FieldInfo } from '../../core/config/fields.ts';

/** A step for the arrows of a number field: 1 for whole numbers, else the value's own order of magnitude. */
export function stepOf(info: FieldInfo, value: number | null): number {
  if (info.type === 'integer') return 1;
  if (value === null || value === 0 || !Number.isFinite(value)) return info.maximum === 1 ? 0.05 : 0.1;
  const order = 10 ** Math.floor(Math.log10(Math.abs(value)));
  return info.maximum === 1 ? Math.min(order, 0.05) : order;
}

/** Whether a field holds numbers so small that only a power of ten can be read: `1e-8`. */
export function isTiny({ type, default: fallback }: FieldInfo): boolean {
  return type === 'number' && typeof fallback === 'number' && fallback > 0 && fallback < 1e-6;
}

/** The number that a text is, powers of ten included; null while it is none. */
export function numberFrom(text: string): number | null {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? null : number;
}

/** A value as a person would say it: a choice by its title, nothing as `empty`. */
export function valueInWords(value: unknown, info: FieldInfo): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') {
    return info.options.find((option) => option.value === value)?.title ?? value;
  }
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** Help with the range, as hover help and screen readers give it. */
export function helpOf(info: FieldInfo): string {
  const ranged = info.type === 'integer' || info.type === 'number';
  const range = ranged ? `${info.range.charAt(0).toUpperCase()}${info.range.slice(1)}.` : '';
  return `${info.description} ${range}`.trim();
}
