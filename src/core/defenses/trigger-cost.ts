/**
 * How the search of Neural Cleanse weighs the size of its mask: more as long as the trigger works, less when it does not, and
 * when it ends. Source: the code of Wang et al., IEEE S&P 2019 (`visualizer.py`); section IV-A of the paper.
 */
export interface CostParams {
  init_cost: number;
  cost_start: 'zero' | 'initial';
  cost_restarts: boolean;
  success: number;
  patience: number;
  cost_multiplier: number;
  early_stop_patience: number;
  early_stop_threshold: number;
}

/** Plain numbers: it travels to other threads. */
export interface CostState {
  cost: number;
  /** Steps of success in a row while the weight waits to be set. */
  waited: number;
  successes: number;
  failures: number;
  risen: boolean;
  fallen: boolean;
  /** Smallest norm of a working trigger; infinite before there is one. */
  best: number;
  stalled: number;
  done: boolean;
}

/** The weight falls faster than it rises. */
const DOWN_POWER = 1.5;

export function initialCost({ cost_start, init_cost }: CostParams): CostState {
  return {
    cost: cost_start === 'zero' ? 0 : init_cost,
    waited: 0,
    successes: 0,
    failures: 0,
    risen: false,
    fallen: false,
    best: Infinity,
    stalled: 0,
    done: false,
  };
}

/**
 * After one step.
 * @param success share of the images that the trigger brought to the label, over the batches of the step
 * @param norm of the mask, over the same batches
 * @returns the state for the next step, and whether this trigger is the best so far
 */
export function nextCost(
  params: CostParams,
  before: CostState,
  success: number,
  norm: number,
): { state: CostState; isBest: boolean } {
  const works = success >= params.success;
  const isBest = works && norm < before.best;
  const state = { ...before, best: isBest ? norm : before.best };
  if (state.best < Infinity) {
    const stalled = state.best >= params.early_stop_threshold * before.best;
    state.stalled = stalled ? before.stalled + 1 : 0;
  }
  if (state.risen && state.fallen && state.stalled >= params.early_stop_patience) {
    return { state: { ...state, done: true }, isBest };
  }
  const waits = works && (state.cost === 0 || params.cost_restarts);
  state.waited = waits ? state.waited + 1 : 0;
  if (state.waited >= params.patience) {
    Object.assign(state, {
      cost: params.init_cost,
      successes: 0,
      failures: 0,
      risen: false,
      fallen: false,
    });
  }
  state.successes = works ? state.successes + 1 : 0;
  state.failures = works ? 0 : state.failures + 1;
  if (state.successes >= params.patience) {
    Object.assign(state, { successes: 0, cost: state.cost * params.cost_multiplier, risen: true });
  } else if (state.failures >= params.patience) {
    const cost = state.cost / params.cost_multiplier ** DOWN_POWER;
    Object.assign(state, { failures: 0, cost, fallen: true });
  }
  return { state, isBest };
}
