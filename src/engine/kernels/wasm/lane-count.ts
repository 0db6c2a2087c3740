/** The least common multiple of 16 and the channels: what the kernels by channel take for one row (assembly/batch-norm.ts). */
export function laneCount(channels: number): number {
  let [a, b] = [channels, 16];
  while (b > 0) [a, b] = [b, a % b];
  return (channels / a) * 16;
}
