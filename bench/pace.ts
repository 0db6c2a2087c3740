/** How long things may take. All times in milliseconds. */
export interface Pace {
  /** Rounds of each workload; every contestant has its turn in each. */
  rounds: number;
  /** Length of a turn: steps are taken until it is over, at least one. */
  turnMs: number;
  stepsPerTurn: number;
  /** Untimed steps before the first round: WebAssembly and JavaScript are compiled better while they run. */
  warmUpMs: number;
  /** What a contestant may spend on a workload in all; then its later rounds are left out. */
  contestantMs: number;
  /** The longest step that is waited for; whoever needs longer is ended and left out, with that reason. */
  patienceMs: number;
}

export const USUAL_PACE: Pace = {
  rounds: 9,
  turnMs: 250,
  stepsPerTurn: 40,
  warmUpMs: 600,
  contestantMs: 25_000,
  patienceMs: 60_000,
};

/** Whether it works at all: the figures are rough. */
export const QUICK_PACE: Pace = {
  rounds: 2,
  turnMs: 40,
  stepsPerTurn: 3,
  warmUpMs: 0,
  contestantMs: 5_000,
  patienceMs: 10_000,
};
