/** A class as the live test shows it. */
export interface ClassBar {
  label: number;
  name: string;
  probability: number;
  /** Whether it is what the model says. */
  said: boolean;
  /** Whether it is what the backdoor wants. */
  wanted: boolean;
}

/** Classes that are shown one and all, in their order, so that nothing jumps about. */
const MOST = 10;

/**
 * Every class in its order; of more than ten the likeliest ten, the likeliest first.
 * @param wanted the class that the backdoor wants of this image; null where that is not one class
 */
export function classBars(
  probabilities: ArrayLike<number>,
  names: readonly string[],
  wanted: number | null,
): ClassBar[] {
  const all = Array.from(probabilities, (probability, label): ClassBar => ({
    label,
    name: names[label] ?? String(label),
    probability,
    said: false,
    wanted: label === wanted,
  }));
  const sorted = [...all].sort((a, b) => b.probability - a.probability || a.label - b.label);
  const [first] = sorted;
  if (first) first.said = true;
  return all.length <= MOST ? all : sorted.slice(0, MOST);
}
