import { NumberListField } from './NumberListField.tsx';

/** Whole numbers with commas or blanks between them; null for anything else. */
export function parseIndices(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  return parts.length > 0 && numbers.every((value) => Number.isInteger(value) && value >= 0) ? numbers : null;
}

const indicesOrWhyNot = (text: string): number[] | string =>
  parseIndices(text) ?? 'Numbers from 0 with commas between them, such as 3, 17, 42.';

/** A list of classes or of examples by their numbers. */
export function IndexListField({ path }: { path: string }) {
  return <NumberListField path={path} parse={indicesOrWhyNot} />;
}
