import path from 'node:path';
import type { ExperimentConfig } from '../core/config/schema.ts';
import { safeFileName } from '../core/formats/filename.ts';

/** Where a run keeps its checkpoint unless it is told: by name and seed, below the folder that one is in. */
export function defaultCheckpointPath({ name, seed }: ExperimentConfig): string {
  return path.join('runs', safeFileName(`${name}-seed-${seed}`.toLowerCase(), 'checkpoint'));
}
