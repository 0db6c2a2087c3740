import type { RunPhase } from '../../state/run-store.ts';

/** Whether a run stands between its start and its end, paused included. */
export const isBusy = (phase: RunPhase): boolean =>
  phase === 'preparing' || phase === 'running' || phase === 'paused';
