/** Row numbers, ascending, evenly spread over `total` rows, at most `count` of them, the last always among them. */
export function everyNth(total: number, count: number): number[] {
  const gap = Math.max(1, Math.ceil(total / count));
  const rows: number[] = [];
  for (let row = total - 1; row >= 0; row -= gap) rows.push(row);
  return rows.reverse();
}
