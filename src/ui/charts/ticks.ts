export interface Axis {
  domain: [number, number];
  ticks: number[];
}

/** A linear axis that encloses [least, greatest] and ends on round numbers (1, 2 or 5 times a power of ten apart). */
export function linearAxis(least: number, greatest: number, count: number): Axis {
  const [low, high] = spread(least, greatest);
  let gap = roundGap((high - low) / Math.max(1, count));
  let ticks = enclosing(low, high, gap);
  while (ticks.length > count + 1) {
    gap = roundGap(gap * 1.5);
    ticks = enclosing(low, high, gap);
  }
  return { domain: [ticks[0] ?? low, ticks.at(-1) ?? high], ticks };
}

/** Round numbers inside [least, greatest], at most `count`; whole ones when `whole`. */
export function innerTicks(least: number, greatest: number, count: number, whole = false): number[] {
  const [low, high] = spread(least, greatest);
  let gap = roundGap((high - low) / Math.max(1, count));
  if (whole) gap = Math.max(1, gap);
  let ticks = inside(low, high, gap);
  while (ticks.length > count) {
    gap = roundGap(gap * 1.5);
    ticks = inside(low, high, gap);
  }
  return ticks;
}

/**
 * A logarithmic axis that encloses [least, greatest], both above 0: it ends on powers of ten, with ticks at some of
 * them; on 1, 2 and 5 times them when the range is below about 50-fold.
 */
export function logarithmicAxis(least: number, greatest: number, count: number): Axis {
  const low = Math.floor(Math.log10(least) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(greatest) - 1e-9));
  if (Math.log10(greatest / least) < 1.7) {
    const all: number[] = [];
    for (let power = low; power <= high; power++) {
      for (const digit of [1, 2, 5]) all.push(Number(`${digit}e${power}`));
    }
    const first = all.findLastIndex((tick) => tick <= least * (1 + 1e-9));
    const last = all.findIndex((tick) => tick >= greatest * (1 - 1e-9));
    const ticks = all.slice(first, Math.max(last, first + 1) + 1);
    return { domain: [ticks[0] ?? least, ticks.at(-1) ?? greatest], ticks };
  }
  const gap = Math.max(1, Math.ceil((high - low) / Math.max(1, count - 1)));
  const ticks: number[] = [];
  for (let power = high; power >= low; power -= gap) ticks.unshift(Number(`1e${power}`));
  return { domain: [Number(`1e${low}`), Number(`1e${high}`)], ticks };
}

/** A number as short as an axis wants it: `0.25`, `1e-5`, `12k`. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001 || size >= 1e9) return value.toExponential().replace('e+', 'e');
  if (size >= 1e6) return `${round(value / 1e6)}M`;
  if (size >= 10_000) return `${round(value / 1e3)}k`;
  return String(round(value));
}

function round(value: number): number {
  return Number(value.toPrecision(10));
}

function roundGap(gap: number): number {
  const power = 10 ** Math.floor(Math.log10(gap));
  const lead = gap / power;
  const digit = lead <= 1 + 1e-9 ? 1 : lead <= 2 + 1e-9 ? 2 : lead <= 5 + 1e-9 ? 5 : 10;
  return digit * power;
}

function spread(least: number, greatest: number): [number, number] {
  if (!Number.isFinite(least) || !Number.isFinite(greatest)) return [0, 1];
  if (greatest > least) return [least, greatest];
  const half = least === 0 ? 0.5 : Math.abs(least) / 2;
  return [least - half, least + half];
}

function enclosing(low: number, high: number, gap: number): number[] {
  return multiples(Math.floor(low / gap + 1e-6), Math.ceil(high / gap - 1e-6), gap);
}

function inside(low: number, high: number, gap: number): number[] {
  return multiples(Math.ceil(low / gap - 1e-9), Math.floor(high / gap + 1e-9), gap);
}

function multiples(first: number, last: number, gap: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => round((first + i) * gap));
}
