/** Accuracy and attack success over ε, as a picture that stands by itself. */

export interface SweepPoint {
  clip: number;
  /** Above 0. */
  epsilon: number;
  /** Fractions. */
  accuracy: number;
  attackSuccess: number;
}

const WIDTH = 640;
const HEIGHT = 400;
const LEFT = 56;
const RIGHT = 150;
const TOP = 20;
const BOTTOM = 64;

/** As everywhere in the lab. */
const CLEAN = '#0072B2';
const BACKDOOR = '#D55E00';
/** Dashes tell clips apart. */
const DASHES = ['none', '7 3', '2 3', '9 3 2 3'];

/**
 * A whole SVG document, black on white: a line for each clip and figure, ε on a logarithmic axis, without privacy at the right.
 * @param plain the same training without privacy; null where it was not run
 */
export function sweepSvg(
  points: readonly SweepPoint[],
  plain: Pick<SweepPoint, 'accuracy' | 'attackSuccess'> | null,
  title: string,
): string {
  const [low, high] = decades(points.map(({ epsilon }) => epsilon));
  const right = WIDTH - RIGHT;
  const x = (epsilon: number): number => LEFT + ((Math.log10(epsilon) - low) / (high - low)) * (right - LEFT);
  const y = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const at = (epsilon: number, share: number): string => `${x(epsilon).toFixed(1)},${y(share).toFixed(1)}`;
  const clips = [...new Set(points.map(({ clip }) => clip))].sort((a, b) => a - b);
  const lines = clips.flatMap((clip, index) => {
    const own = points.filter((point) => point.clip === clip).sort((a, b) => a.epsilon - b.epsilon);
    const dash = DASHES[index % DASHES.length] ?? 'none';
    return (['accuracy', 'attackSuccess'] as const).flatMap((figure) => {
      const color = figure === 'accuracy' ? CLEAN : BACKDOOR;
      const places = own.map((point) => at(point.epsilon, point[figure]));
      return [
        `<polyline points="${places.join(' ')}" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`,
        ...places.map((place) => {
          const [cx, cy] = place.split(',');
          return `<circle cx="${cx ?? ''}" cy="${cy ?? ''}" r="3.5" fill="${color}"/>`;
        }),
      ];
    });
  });
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      `<line x1="${LEFT}" x2="${right}" y1="${y(share)}" y2="${y(share)}" stroke="#ddd"/>`,
      `<text x="${LEFT - 8}" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>`,
    ]),
    ...Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)).flatMap((epsilon) => [
      `<line x1="${x(epsilon)}" x2="${x(epsilon)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#ddd"/>`,
      `<text x="${x(epsilon)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${epsilon}</text>`,
    ]),
    `<text x="${(LEFT + right) / 2}" y="${HEIGHT - BOTTOM + 38}" text-anchor="middle">ε (smaller tells less)</text>`,
    ...lines,
    ...(plain ? plainMarks(plain, right, y) : []),
    ...legend(clips, right + 18),
    `<text x="${LEFT}" y="${HEIGHT - 8}" font-size="11" fill="#555">${title}</text>`,
    '</svg>',
    '',
  ];
  return parts.join('\n');
}

/** The powers of ten around all values, at least two. */
function decades(values: readonly number[]): [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  return [low, Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))];
}

function plainMarks(
  { accuracy, attackSuccess }: Pick<SweepPoint, 'accuracy' | 'attackSuccess'>,
  right: number,
  y: (share: number) => number,
): string[] {
  const mark = (share: number, color: string): string =>
    `<rect x="${right - 4}" y="${(y(share) - 4).toFixed(1)}" width="8" height="8" fill="${color}"/>`;
  return [mark(accuracy, CLEAN), mark(attackSuccess, BACKDOOR)];
}

function legend(clips: readonly number[], left: number): string[] {
  const line = (row: number, color: string, dash: string, text: string): string[] => {
    const at = TOP + 14 + 20 * row;
    return [
      `<line x1="${left}" x2="${left + 28}" y1="${at - 4}" y2="${at - 4}" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      `<text x="${left + 34}" y="${at}">${text}</text>`,
    ];
  };
  const end = TOP + 14 + 20 * (clips.length + 2);
  return [
    ...line(0, CLEAN, 'none', 'accuracy'),
    ...line(1, BACKDOOR, 'none', 'attack success'),
    ...clips.flatMap((clip, index) =>
      line(index + 2, '#555', DASHES[index % DASHES.length] ?? 'none', `clip ${clip}`),
    ),
    `<rect x="${left + 10}" y="${end - 8}" width="8" height="8" fill="#555"/>`,
    `<text x="${left + 34}" y="${end}">no privacy</text>`,
  ];
}
