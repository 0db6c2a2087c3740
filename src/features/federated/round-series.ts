/** What charts show of federated rounds. */
import type { EpochRecord } from '../../core/experiment/events.ts';
import type { ClientRecord, RoundRecord } from '../../core/experiment/round.ts';
import type { ChartSource } from '../../ui/charts/chartSource.ts';

type Measure = (record: ClientRecord) => number | null;

const MEASURES: Readonly<Record<string, Measure>> = {
  clean: ({ clean }) => clean.value,
  triggered: ({ triggered }) => triggered.value,
  norm: ({ norm }) => norm,
};

function mean(values: readonly (number | null)[]): number {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? Number.NaN : there.reduce((sum, value) => sum + value, 0) / there.length;
}

/**
 * Columns over the rounds: `honest_`, `attacker_` and `chosen_` before `clean`, `triggered` and `norm` (of the first two kinds
 * the mean), `aggregate_norm`, and `megabytes` and `steps` of all rounds so far.
 * @param chosen number of a client; null for none
 */
export function roundTable(
  rounds: readonly RoundRecord[],
  chosen: number | null,
): { x: Float64Array; column: (key: string) => Float64Array } {
  const of = (value: (round: RoundRecord, index: number) => number) => Float64Array.from(rounds, value);
  const soFar = (value: (round: RoundRecord) => number) => {
    let sum = 0;
    return of((round) => (sum += value(round)));
  };
  return {
    x: of(({ round }) => round),
    column: (key) => {
      if (key === 'aggregate_norm') return of(({ norm }) => norm);
      if (key === 'megabytes') return soFar(({ bytes }) => (bytes.up + bytes.down) / 1e6);
      if (key === 'steps') return soFar(({ steps }) => steps);
      const [group = '', name = ''] = key.split('_');
      const measure = MEASURES[name];
      if (!measure) throw new RangeError(`rounds have no ${key}`);
      const belongs = (one: ClientRecord): boolean =>
        group === 'chosen' ? one.client === chosen : one.attacking === (group === 'attacker');
      return of(({ clients }) => mean(clients.filter(belongs).map(measure)));
    },
  };
}

/** A table that does not change, as a chart reads it. */
function fixed(version: number, read: ChartSource['read']): ChartSource {
  return { subscribe: () => () => undefined, version: () => version, read };
}

export function roundSource(rounds: readonly RoundRecord[], chosen: number | null): ChartSource {
  const { x, column } = roundTable(rounds, chosen);
  return fixed(rounds.length, (keys) => ({ x, columns: keys.map(column) }));
}

/** Clean accuracy and attack success of the global model after each round. */
export function centralSource(epochs: readonly EpochRecord[]): ChartSource {
  const columns: Readonly<Record<string, Float64Array>> = {
    clean: Float64Array.from(epochs, (one) => one.clean_accuracy),
    triggered: Float64Array.from(epochs, (one) => one.attack_success_rate ?? Number.NaN),
  };
  const x = Float64Array.from(epochs, ({ epoch }) => epoch);
  return fixed(epochs.length, (keys) => ({
    x,
    columns: keys.map((key) => columns[key] ?? new Float64Array(x.length)),
  }));
}
