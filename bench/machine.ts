import os from 'node:os';
import type { Machine } from './report/report.ts';

/** The machine that the figures belong to. */
export function describeMachine(chromium: string | null, contestants: Machine['contestants']): Machine {
  return {
    processor: os.cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    system: `${os.platform()} ${os.arch()}`,
    node: process.versions.node,
    chromium,
    contestants,
  };
}
