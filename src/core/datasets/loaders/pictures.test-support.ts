import { encodePng } from '../../formats/png.ts';
import type { LoadRequest } from './loader.ts';

/** A PNG of one colour. */
export function plainPng(
  width: number,
  height: number,
  color: readonly [number, number, number],
): Uint8Array {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => color[at % 3] ?? 0);
  return encodePng({ width, height, channels: 3, data });
}

/** What a loader is asked, with what it warned of. */
export function loadRequest(changes: Partial<LoadRequest> = {}): LoadRequest & { warnings: string[] } {
  const warnings: string[] = [];
  return {
    id: 'custom-test',
    title: 'Test',
    seed: 3,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWarning: ({ what, why }) => warnings.push(`${what} ${why}`),
    image: { size: 4, channels: 3 },
    ...changes,
    warnings,
  };
}
