/**
 * Runs an experiment: one function, the same in a worker, in Node and in tests. It says what happens through events,
 * owns no globals, and draws everything from the seed and the position, so that a checkpoint resumes bit for bit.
 */
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { assertFitsDataset } from '../../core/config/dataset-check.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { datasetOfTask } from '../../core/datasets/subset.ts';
import type { RunResult } from '../../core/experiment/events.ts';
import type { WeightEdit } from '../../core/experiment/weight-edit.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { assertEditable, editWeights } from '../attacks/edit-weights.ts';
import { preparePoison } from '../attacks/prepare.ts';
import { TriggerTraining } from '../attacks/trigger-training.ts';
import { trainClean } from '../attacks/surrogate.ts';
import { TaskSource } from '../../core/training/tasks.ts';
import { type Backdoor, backdoorsOf } from '../../core/training/backdoor.ts';
import { currentDevice, DeviceWatch } from '../backend/device-watch.ts';
import { Network } from '../models/network.ts';
import { Federated } from '../federated/federated.ts';
import { Evasions } from '../objectives/evasions.ts';
import { Team } from '../parallel/team.ts';
import { privateTraining } from '../privacy/private-training.ts';
import { assertTakes } from './evaluate.ts';
import { Centralized } from './centralized.ts';
import type { Regime } from './regime.ts';
import type { RunContext } from './run-context.ts';
import { RunLoop } from './run-loop.ts';
import { startingWeights } from './starting-weights.ts';

/**
 * @throws LabError E-CANCELLED when the signal aborts (after a last checkpoint), E-NAN with `onNan: 'throw'`,
 * E-GPU-LOST when the GPU goes away (the last checkpoint stays as it was kept before), and whatever the backend, the data or the weights are refused with
 */
export async function runExperiment(config: ExperimentConfig, context: RunContext): Promise<RunResult> {
  const { emit, signal } = context;
  emit({ type: 'progress', stage: 'backend', done: 0, total: 1, unit: 'parts' });
  const backend = await context.prepareBackend(config.backend);
  const whole = await context.loadDataset(
    config.task.dataset,
    (done, total) => emit({ type: 'progress', stage: 'data', done, total, unit: 'bytes' }),
    signal,
  );
  const dataset = datasetOfTask(whole, config.task);
  assertFitsDataset(config, dataset.info);
  const backdoors = backdoorsOf(config, dataset, context.checkpoint?.weights.trigger);
  const weights = await startingWeights(config, dataset, context);
  assertTakes(weights, dataset);
  const network = new Network(weights, config.task.frozen);
  const team = backend.name === 'wasm' ? teamFor(context) : null;
  const device = new DeviceWatch(currentDevice());
  let regime: Regime | null = null;
  try {
    await team?.take(network);
    regime = config.federated.enabled
      ? new Federated(config, context, dataset, backdoors, network, team ?? (await alone(network)))
      : await centralized(config, context, dataset, backdoors, network, team);
    const run = new RunLoop(config, context, backend, dataset, regime, backdoors, network, team, device);
    return await device.guard(run.toTheEnd());
  } finally {
    team?.dispose();
    regime?.dispose();
    network.dispose();
  }
}

/** A team without helpers, where the backend wants none. */
async function alone(network: Network): Promise<Team> {
  const team = Team.alone();
  await team.take(network);
  return team;
}

async function centralized(
  config: ExperimentConfig,
  context: RunContext,
  dataset: Dataset,
  backdoors: readonly Backdoor[],
  network: Network,
  team: Team | null,
): Promise<Regime> {
  const poisoned = await preparePoison(config, dataset, backdoors, context);
  const source = new TaskSource(
    config,
    dataset,
    backdoors,
    poisoned,
    config.training.privacy.kind === 'dp_sgd',
  );
  const evasions = new Evasions(config.attack.evasions, {
    seed: config.seed,
    info: dataset.info,
    cleanModel: (epochs) => cleanWeights(config, dataset, epochs, context),
  });
  const hidden = privateTraining(config, source, network);
  const { enabled, injection } = config.attack;
  const [backdoor] = backdoors;
  const triggers = new TriggerTraining(config, dataset, backdoors);
  if (context.checkpoint === null) await triggers.begin(context);
  let edit: (() => Promise<WeightEdit>) | null = null;
  if (enabled && injection.kind === 'model' && backdoor) {
    assertEditable(network, injection);
    edit = () => editWeights(network, config, injection, dataset, backdoor, context);
  }
  return new Centralized(config, context.controller, source, network, team, evasions, edit, hidden, triggers);
}

/** The clean model beside the run: trained from random weights, or as it was where the run starts from a trained one. */
async function cleanWeights(
  config: ExperimentConfig,
  dataset: Dataset,
  epochs: number,
  context: RunContext,
): Promise<ModelWeights> {
  const { signal, emit } = context;
  const start = await startingWeights(config, dataset, {
    ...context,
    checkpoint: null,
    emit: () => undefined,
  });
  if (config.task.weights !== 'random') return start;
  const onStep = (done: number, total: number): void =>
    emit({ type: 'progress', stage: 'attack', done, total, unit: 'steps' });
  const clean = await trainClean(config, dataset, start, epochs, { signal, onStep });
  try {
    return await clean.weights();
  } finally {
    clean.dispose();
  }
}

/** On the wasm backend even a lead without helpers is a team, so that both compute in the same shards. */
function teamFor({ helpers }: RunContext): Team {
  return helpers ? new Team(helpers.spawn, helpers.count) : Team.alone();
}
