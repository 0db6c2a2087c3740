/**
 * Aggregates a recorded round again under other rules and measures each global model that comes of it. It works on a network
 * of its own: nothing of the run changes, whether it goes on, is paused or has ended.
 */
import { cosines, gramOf, lengthOf } from '../../core/aggregation/vectors.ts';
import type { AggregatorConfig } from '../../core/config/schema-federated.ts';
import { equalValues } from '../../core/config/delta.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import type { OptionalRate, Rate } from '../../core/experiment/events.ts';
import type { Replay, ReplayedRule } from '../../core/experiment/replay.ts';
import { takeStep } from '../../core/federated/server-step.ts';
import { backdoorsOf } from '../../core/training/backdoor.ts';
import { currentDevice, DeviceWatch } from '../backend/device-watch.ts';
import { Network } from '../models/network.ts';
import { assignValues, readValues, totalSize } from '../parallel/flat-values.ts';
import { evaluate } from '../training/evaluate.ts';
import { aggregateRound, type RecordedRound } from './recorded-round.ts';

export interface ReplayRequest {
  rules: readonly AggregatorConfig[];
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

interface Measured {
  clean: Rate;
  triggered: OptionalRate;
}

/**
 * @param dataset of the run's task
 * @returns the rule that was taken first; a rule that cannot be used, such as one that needs the server's own update, says why
 * @throws LabError E-CANCELLED when the signal aborts
 */
export async function replayRound(
  recorded: RecordedRound,
  dataset: Dataset,
  { rules, signal, onProgress }: ReplayRequest,
): Promise<Replay> {
  const { config } = recorded;
  const taken = config.federated.aggregator;
  const all = [taken, ...rules.filter((rule) => !equalValues(rule, taken))];
  const backdoors = backdoorsOf(config, dataset);
  const network = new Network(recorded.weights, config.task.frozen);
  const values = new Float32Array(totalSize(network.values));
  readValues(network.values, values);
  const measure = async (delta: Float32Array | null): Promise<Measured> => {
    const global = values.slice();
    if (delta) takeStep(global, delta, config.federated.server_rate);
    assignValues(network.values, global);
    const { cleanAccuracy: clean, attackSuccess: triggered } = await evaluate(
      network,
      config,
      dataset,
      backdoors,
      { scope: 'live', step: 0, epoch: recorded.round, signal },
    );
    return { clean, triggered };
  };
  const replay = async (): Promise<Replay> => {
    const before = await measure(null);
    const reference = aggregateOrError(taken, recorded).delta;
    const replayed: ReplayedRule[] = [];
    for (const rule of all) {
      onProgress?.(replayed.length, all.length);
      const { delta, shares, error } = aggregateOrError(rule, recorded);
      const said = delta && (await measure(delta));
      replayed.push({
        rule,
        taken: rule === taken,
        clean: said?.clean ?? null,
        triggered: said?.triggered ?? null,
        norm: delta && lengthOf(delta),
        cosine: delta && reference && cosineOf(delta, reference),
        shares,
        error,
      });
    }
    onProgress?.(all.length, all.length);
    const clients = recorded.updates.map(({ client, delta }) => ({ client, norm: lengthOf(delta) }));
    return { round: recorded.round, clients, before, rules: replayed };
  };
  try {
    return await new DeviceWatch(currentDevice()).guard(replay());
  } finally {
    network.dispose();
  }
}

function aggregateOrError(
  rule: AggregatorConfig,
  recorded: RecordedRound,
): { delta: Float32Array | null; shares: number[]; error: LabErrorData | null } {
  try {
    const aggregate = aggregateRound(rule, recorded);
    return { delta: aggregate?.delta ?? null, shares: aggregate?.shares ?? [], error: null };
  } catch (thrown) {
    return { delta: null, shares: [], error: asLabError(thrown).toData() };
  }
}

function cosineOf(a: Float32Array, b: Float32Array): number | null {
  if (lengthOf(a) === 0 || lengthOf(b) === 0) return null;
  const gram = gramOf([a, b].map((delta, client) => ({ client, examples: 1, delta })));
  return cosines(gram)[0]?.[1] ?? null;
}
