/** What a course of the bench stands on. */
import type { Contestant } from './contestants.ts';
import type { ChromiumHouse } from './lanes/chromium.ts';
import type { Pace } from './pace.ts';
import type { PeakModules, Runner } from './runner.ts';

export interface CourseGround {
  /** Everyone who takes part in the races. */
  runners: readonly Runner[];
  house: ChromiumHouse | null;
  pace: Pace;
  peaks: PeakModules;
  open: (contestant: Contestant) => Runner;
}

export interface CourseTools {
  signal: AbortSignal;
  onProgress: (text: string) => void;
}
