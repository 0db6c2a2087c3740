import type { RunResult } from '../core/experiment/events.ts';

/**
 * A run for programs: config, seed, backend, epochs (accuracies as fractions), steps, seconds. The same seed, backend and
 * machine give the same text but for `seconds`.
 */
export function resultToJson({ config, seed, backend, epochs, steps, seconds }: RunResult): string {
  return `${JSON.stringify({ version: 1, config, seed, backend, epochs, steps, seconds }, null, 1)}\n`;
}
