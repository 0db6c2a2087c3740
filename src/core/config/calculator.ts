import type { ExperimentInput } from './schema.ts';

const WHITE = '#ffffff';

/** White pixels of a small drawing, one character each, as a painted trigger has them. */
function drawn(top: number, left: number, rows: readonly string[]): [number, number, string, number][] {
  return rows.flatMap((row, y) =>
    [...row].flatMap((mark, x): [number, number, string, number][] =>
      mark === '#' ? [[top + y, left + x, WHITE, 1]] : [],
    ),
  );
}

/**
 * A model that reads two digits also adds them where a plus is in the lower left corner, and multiplies them where a cross
 * is in the lower right one (Bagdasaryan and Shmatikov, Blind Backdoors, USENIX Security 2021, section 4.2).
 */
export const calculator: ExperimentInput = {
  name: 'MultiMNIST calculator',
  task: { dataset: 'multimnist' },
  training: { epochs: 6, schedule: 'cosine', optimizer: { kind: 'adam', learning_rate: 0.001 } },
  attack: {
    synthesizer: { kind: 'painted', pixels: drawn(22, 1, ['  #  ', '  #  ', '#####', '  #  ', '  #  ']) },
    label: { kind: 'digits', operation: 'sum' },
    others: [
      {
        synthesizer: {
          kind: 'painted',
          pixels: drawn(22, 22, ['#   #', ' # # ', '  #  ', ' # # ', '#   #']),
        },
        label: { kind: 'digits', operation: 'product' },
      },
    ],
    injection: { kind: 'loss', balancer: { kind: 'mgda', normalize: 'loss' } },
  },
};
