import type { DefenseId, defenses } from '../../core/defenses/definitions.ts';
import { runClp } from './clp.ts';
import type { DefenseRun } from './context.ts';

/** Every defense at work, by its id. */
export const runners = {
  clp: runClp,
} as const satisfies { [Id in DefenseId]: DefenseRun<(typeof defenses)[Id]['params']> };
