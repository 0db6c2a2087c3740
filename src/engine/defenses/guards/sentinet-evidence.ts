/** What SentiNet shows: where the network looked, and what the regions did. */
import { NO_INDEX } from '../../../core/defenses/evidence.ts';
import { type Parabola, parabolaAt } from '../../../core/statistics/parabola.ts';
import type { DefenseContext } from '../context.ts';
import { bytesOf, pixelsOf } from './pixels.ts';
import type { Reading } from './sentinet-boundary.ts';

export interface Look {
  /** Place among the inputs. */
  at: number;
  image: Float32Array;
  /** [height, width] in [0, 1] */
  heat: Float32Array;
  /** [height, width] 1 inside. */
  region: Uint8Array;
  said: number;
}

/** Places of the line of the boundary. */
const PLACES = 50;

export function showLooks({ show, weights, info }: DefenseContext, looks: readonly Look[]): void {
  const [height = 0, width = 0, channels = 1] = weights.inputShape;
  if (info.kind !== 'images') return;
  show({
    kind: 'overlays',
    id: 'looks',
    title: 'Where the network looked, and what was cut out',
    shape: [height, width, channels],
    images: looks.map(({ at, image, heat, region, said }) => ({
      caption: `input ${at}, read as ${info.classes[said] ?? said}`,
      pixels: bytesOf(pixelsOf(image, info)),
      heat: heat.slice(),
      region,
    })),
  });
}

/** Each input as a point: confidence under inert patterns, and the share that its region fools; with the curve. */
export function showReadings(
  { show }: DefenseContext,
  clean: readonly Reading[],
  judged: readonly Reading[],
  curve: Parabola | null,
  isFlagged: (reading: Reading) => boolean,
): void {
  const all = [...clean, ...judged];
  const isInput = (at: number): boolean => at >= clean.length;
  const along = Array.from({ length: PLACES + 1 }, (_, at) => at / PLACES);
  show({
    kind: 'scatter',
    id: 'readings',
    title: 'What the region of an input does to clean images',
    axes: ['mean confidence under inert patterns', 'share of clean images that the region fools'],
    points: Float32Array.from(all.flatMap(({ confidence, fooled }) => [confidence, fooled])),
    group: Uint16Array.from(all, (_, at) => (isInput(at) ? 1 : 0)),
    groups: ['clean, held by the defender', 'inputs judged'],
    flagged: Uint8Array.from(all, (reading, at) => (isInput(at) && isFlagged(reading) ? 1 : 0)),
    poisoned: null,
    index: Uint32Array.from(all, (_, at) => (isInput(at) ? at - clean.length : NO_INDEX)),
    ...(curve && {
      line: { name: 'boundary', points: Float32Array.from(along.flatMap((x) => [x, parabolaAt(curve, x)])) },
    }),
  });
}
