/**
 * HDBSCAN where a cluster must hold more than half of all points (Campello, Moulavi and Sander, 2013; as FLAME uses it:
 * clusters of at least n / 2 + 1, one neighbour, a single cluster allowed). There is one such cluster at most, so
 * the tree of clusters is a line: each cut leaves one part that is still large enough, until none is.
 */

/**
 * Places of the points that stay together longest while their group holds more than half of all; ascending.
 * @param distances [n][n], symmetric
 */
export function majorityCluster(distances: readonly (readonly number[])[]): number[] {
  const count = distances.length;
  const least = Math.floor(count / 2) + 1;
  // From each point alone, groups join along the shortest links; the first group that is large enough is the last to fall apart.
  const groupOf = Array.from({ length: count }, (_, index) => index);
  const members = groupOf.map((index) => [index]);
  if (count <= 1) return groupOf;
  for (const { a, b, length } of shortestLinks(distances)) {
    const [into, from] = [groupOf[a] ?? 0, groupOf[b] ?? 0];
    const joined = [...(members[into] ?? []), ...(members[from] ?? [])];
    for (const member of members[from] ?? []) groupOf[member] = into;
    members[into] = joined;
    if (joined.length >= least) return withTies(joined, distances, length).sort((one, other) => one - other);
  }
  return groupOf.map((_, index) => index);
}

/** With the points that are as near to the group as its longest inner link: they fall apart from it when it does itself. */
function withTies(
  group: readonly number[],
  distances: readonly (readonly number[])[],
  reach: number,
): number[] {
  const found = [...group];
  const inside = new Set(group);
  for (const member of found)
    for (const [other, distance] of (distances[member] ?? []).entries())
      if (!inside.has(other) && distance <= reach) {
        inside.add(other);
        found.push(other);
      }
  return found;
}

/** The links of the shortest tree over all points (Prim), shortest first; of equal ones that with the earlier points. */
function shortestLinks(
  distances: readonly (readonly number[])[],
): { a: number; b: number; length: number }[] {
  const count = distances.length;
  const links: { a: number; b: number; length: number }[] = [];
  const nearest = Array.from({ length: count }, (_, point) => ({
    to: 0,
    length: distances[0]?.[point] ?? 0,
  }));
  const inTree = new Set([0]);
  while (inTree.size < count) {
    let next = -1;
    for (let point = 0; point < count; point++) {
      if (inTree.has(point)) continue;
      if (next < 0 || (nearest[point]?.length ?? 0) < (nearest[next]?.length ?? 0)) next = point;
    }
    const { to, length } = nearest[next] ?? { to: 0, length: 0 };
    links.push({ a: Math.min(to, next), b: Math.max(to, next), length });
    inTree.add(next);
    for (let point = 0; point < count; point++) {
      const distance = distances[next]?.[point] ?? 0;
      const known = nearest[point];
      if (known && distance < known.length) nearest[point] = { to: next, length: distance };
    }
  }
  return links.sort((one, other) => one.length - other.length || one.a - other.a || one.b - other.b);
}
