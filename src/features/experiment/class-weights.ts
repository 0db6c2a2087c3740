/** Class weights as a person types them. */

/** Most that a weight may be, as in the schema of `training.class_weights`. */
const MOST = 1e6;

/** Weights with commas or blanks between them, none for an empty text; or why the text is refused. */
export function parseWeights(text: string): number[] | string {
  const weights: number[] = [];
  for (const part of text.split(/[\s,;]+/).filter((one) => one !== '')) {
    const weight = Number(part);
    if (!Number.isFinite(weight))
      return `“${part}” is no number. Give weights with commas between them: 1, 0.5, 2.`;
    if (weight < 0) return `${part} is below 0. A weight is 0 or more; 0 leaves the class out.`;
    if (weight > MOST)
      return `${part} is above 1,000,000. Only the ratios count: smaller weights say the same.`;
    weights.push(weight);
  }
  return weights;
}

/** Which weight is whose: `0 ant, 1 bee, 2 cow`; the first few of many. */
export function orderOfClasses(classes: readonly string[]): string {
  const shown = classes.slice(0, 12).map((name, at) => (name === String(at) ? name : `${at} ${name}`));
  const order = shown.join(', ') + (classes.length > shown.length ? ', …' : '');
  return `One for each of the ${classes.length} classes, in their order: ${order}.`;
}
