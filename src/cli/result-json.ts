import type { RunResult } from '../core/experiment/events.ts';

/**
 * A run for programs: config, seed, backend, epochs (accuracies as fractions), steps, seconds, interventions. The same
 * seed, backend and machine give the same text but for `seconds` (and, of clients, `milliseconds`).
 *
 * An epoch's `attack_success_rate` is null when no test input is of another class than the backdoor label. Those of further
 * backdoors are in `further_attack_success_rates`; `cross_trigger_accuracy` is of a trigger that is made from the input.
 * `interventions` is empty unless the run went on from a checkpoint in which a balancer was changed by hand: each has the
 * first step that used it, and the balancer. Such a run does not repeat from its config alone.
 * A run whose weights were edited has `edit`: which channels carry the backdoor.
 * A private run has `privacy`: ε and δ at the end with what they were counted from; and each epoch its `epsilon`.
 * A federated run has `rounds` too: what each client of a round did and what came of it.
 */
export function resultToJson({
  config,
  seed,
  backend,
  epochs,
  steps,
  seconds,
  interventions,
  rounds,
  privacy,
  edit,
}: RunResult): string {
  const run = {
    version: 1,
    config,
    seed,
    backend,
    epochs,
    steps,
    seconds,
    interventions,
    ...(rounds && { rounds }),
    ...(privacy && { privacy }),
    ...(edit && { edit }),
  };
  return `${JSON.stringify(run, null, 1)}\n`;
}
