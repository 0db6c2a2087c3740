/** Numbers as they are typed: taken when they are in range, refused in words when they are not. */

export interface NumberLimits {
  minimum: number;
  maximum: number;
  /** Whole numbers only. */
  whole: boolean;
}

export type TypedNumber =
  | { kind: 'taken'; number: number }
  /** Nothing, or a sign alone: still being typed. */
  | { kind: 'unfinished' }
  | { kind: 'refused' };

const UNFINISHED = new Set(['', '-', '+', '.', '-.']);

/** What a field's text is under its limits. Nothing is rounded or moved into the range. */
export function readTyped(text: string | number, { minimum, maximum, whole }: NumberLimits): TypedNumber {
  const trimmed = String(text).trim();
  if (UNFINISHED.has(trimmed)) return { kind: 'unfinished' };
  const number = Number(trimmed);
  const fits = Number.isFinite(number) && number >= minimum && number <= maximum;
  return fits && (!whole || Number.isInteger(number)) ? { kind: 'taken', number } : { kind: 'refused' };
}

/** `It must be a whole number from 0 to 23; 3 stays.` */
export function refusal({ minimum, maximum, whole }: NumberLimits, kept: number): string {
  return `It must be a ${whole ? 'whole ' : ''}number from ${minimum} to ${maximum}; ${kept} stays.`;
}
