/** Vectors of which only the first `count` lanes, 1 to 4, lie in memory that may be touched. */

export function loadLanes(from: usize, count: u32): v128 {
  if (count >= 4) return v128.load(from);
  if (count == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count == 2 ? two : v128.load32_lane(from + 8, two, 2);
}

export function storeLanes(to: usize, value: v128, count: u32): void {
  if (count >= 4) {
    v128.store(to, value);
    return;
  }
  if (count == 1) {
    v128.store32_lane(to, value, 0);
    return;
  }
  v128.store64_lane(to, value, 0);
  if (count == 3) v128.store32_lane(to + 8, value, 2);
}
