import { type DefenseId, defenses } from '../core/defenses/definitions.ts';
import type { DefenseEvent, DefenseStage } from '../core/defenses/events.ts';
import { clock, printLine, type Terminal } from './output.ts';

/** Plain lines come at most this often. */
const LINE_INTERVAL_MS = 10_000;
const DRAW_INTERVAL_MS = 200;

const STAGES: Record<DefenseStage, string> = {
  model: '',
  control: ', clean control',
  measure: ', measuring',
};

/** Says how far a defense is: one line that is redrawn, else a plain line now and then. */
export function defenseProgress(
  stream: NodeJS.WritableStream,
  { outIsTerminal, out }: Terminal,
  quiet: boolean,
): { onEvent: (event: DefenseEvent) => void; end: () => void } {
  const redraws = outIsTerminal && stream === out;
  let last = performance.now() - (redraws ? LINE_INTERVAL_MS : 0);
  let drawn = false;
  const end = (): void => {
    if (drawn) stream.write('\r\u001b[K');
    drawn = false;
  };
  return {
    onEvent(event) {
      if (quiet || event.type !== 'defense-progress') return;
      const now = performance.now();
      if (now - last < (redraws ? DRAW_INTERVAL_MS : LINE_INTERVAL_MS)) return;
      last = now;
      const line = words(event);
      if (redraws) stream.write(`\r${line}\u001b[K`);
      else printLine(stream, line);
      drawn = redraws;
    },
    end,
  };
}

function words({
  id,
  stage,
  done,
  total,
  secondsLeft,
}: Extract<DefenseEvent, { type: 'defense-progress' }>): string {
  const title: string = defenses[id satisfies DefenseId].title;
  const share = Math.floor((100 * done) / Math.max(1, total));
  const left = secondsLeft === null ? '' : `, ${clock(secondsLeft)} left`;
  return `${title}${STAGES[stage]}: ${share} %${left}`;
}
