/** A row and how far it lies from the one that was asked about. */
export interface Neighbour {
  row: number;
  /** Euclidean. */
  distance: number;
}

/**
 * The rows nearest to one of them by Euclidean distance, the nearest first; of equals the one that stands first.
 * @param values [count, width]
 * @param row whose neighbours are wanted; it is none of them
 */
export function nearestRows(
  values: Float32Array,
  width: number,
  row: number,
  count: number,
  leaveOut: (row: number) => boolean = () => false,
): Neighbour[] {
  const own = values.subarray(row * width, (row + 1) * width);
  const found: Neighbour[] = [];
  for (let other = 0; other < values.length / width; other++) {
    if (other === row || leaveOut(other)) continue;
    let square = 0;
    for (let at = 0; at < width; at++) {
      const difference = (values[other * width + at] ?? 0) - (own[at] ?? 0);
      square += difference * difference;
    }
    const distance = Math.sqrt(square);
    if (found.length === count && distance >= (found.at(-1)?.distance ?? Infinity)) continue;
    const place = found.findIndex((one) => one.distance > distance);
    found.splice(place === -1 ? found.length : place, 0, { row: other, distance });
    if (found.length > count) found.pop();
  }
  return found;
}
