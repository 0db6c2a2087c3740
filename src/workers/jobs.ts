/**
 * What each job of the protocol does, on the engine. One training job runs at a time in a worker: it owns the backend.
 * The engine is imported when it is wanted: its code would keep the first images waiting.
 */
import type { BackendChoice } from '../core/config/schema.ts';
import { customDataset } from '../core/datasets/custom.ts';
import { datasetOfTask } from '../core/datasets/subset.ts';
import type { DefenseEvent } from '../core/defenses/events.ts';
import { LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { BackendReport, ExperimentEvent } from '../core/experiment/events.ts';
import { weightsFromSafetensors } from '../core/formats/model-safetensors.ts';
import type { BackendAssets } from '../engine/backend/assets.ts';
import type { Remembering } from '../engine/backend/measurement.ts';
import type { RecordedRounds } from '../engine/federated/recorded-round.ts';
import type { SpawnHelper } from '../engine/parallel/messages.ts';
import type { RunController } from '../engine/training/controller.ts';
import { keepDataset } from '../storage/dataset-store.ts';
import type { KeptRuns } from '../storage/kept-runs.ts';
import { type BenchJobGround, latentMapJob, pruneJob, trainModelJob } from './bench-jobs.ts';
import type { DatasetShelf } from './dataset-shelf.ts';
import { defendJob, rememberedControls } from './defend-job.ts';
import { ModelHolder } from './look-jobs.ts';
import { KeptLatents } from './kept-latents.ts';
import { browse, similar } from './pick-jobs.ts';
import { poisonExport, poisonPage, remembered } from './poison-jobs.ts';
import type { Job, JobKind, JobResults } from './protocol.ts';
import { RunKeeper } from './run-keeper.ts';

/** What the recorded rounds of a run may take. */
const ROUNDS_BYTES = 256 * 2 ** 20;

export interface JobTools {
  signal: AbortSignal;
  controller: RunController;
  emit: (event: ExperimentEvent) => void;
  /** What defenses tell. */
  tell: (event: DefenseEvent) => void;
  /** Hands a checkpoint to the page. */
  keep: (checkpoint: Checkpoint) => void;
}

export type Perform = (job: Job, tools: JobTools) => Promise<JobResults[JobKind]>;

/** What the jobs stand on, given by the worker's entry. */
export interface JobGround {
  assets: BackendAssets;
  shelf: DatasetShelf;
  readModel: (path: string) => Promise<Uint8Array>;
  runs: KeptRuns;
  /** Threads that help a run along. */
  helpers: { spawn: SpawnHelper; count: (threads: number | null) => number };
  /** What a choice of the backend remembers; null measures at every start. */
  remembering: Remembering | null;
}

export function createJobs(ground: JobGround): Perform {
  const backends = new Map<BackendChoice, Promise<BackendReport>>();
  const controls = rememberedControls();
  const latents = new KeptLatents();
  const onShow = new ModelHolder();
  const { shelf } = ground;

  /** Choosing tries backends out in turn, and the one in use belongs to the whole worker: one choice at a time. */
  let choosing: Promise<unknown> = Promise.resolve();
  /** Runs under way: while there is one, no backend is tried out. */
  let runs = 0;
  const prepareBackend = async (choice: BackendChoice, anew = false): Promise<BackendReport> => {
    // The last choice is the current backend of TensorFlow.js, so another choice starts anew.
    const known = backends.get(choice);
    if (known && !anew) return known;
    backends.clear();
    const report = choosing.then(async () => {
      const { chooseBackend } = await import('../engine/backend/choose.ts');
      const { remembering } = ground;
      return chooseBackend(choice, ground.assets, remembering && { ...remembering, anew });
    });
    choosing = report.catch(() => backends.delete(choice));
    backends.set(choice, report);
    return report;
  };

  const poisonedData = remembered(async (config, step, tools: JobTools) => {
    const { poisonedDataOf } = await import('../engine/attacks/poisoned-set.ts');
    const { signal, emit } = tools;
    return poisonedDataOf(config, await shelf.take(config.task.dataset, tools).dataset, step, {
      signal,
      emit,
      prepareBackend: () => prepareBackend(config.backend),
    });
  });

  /** The newest rounds of the newest federated run, which outlive it. */
  let recorded: { run: string; rounds: RecordedRounds } | null = null;

  const benchGround = (tools: JobTools, threads: number | null = 1): BenchJobGround => ({
    signal: tools.signal,
    emit: tools.emit,
    prepareBackend: (choice) => prepareBackend(choice),
    loadDataset: (id) => shelf.take(id, tools).dataset,
    loadPretrained: (model, dataset) => pretrained(model, dataset, ground),
    helpers: { spawn: ground.helpers.spawn, count: ground.helpers.count(threads) },
  });

  return async (job, tools) => {
    switch (job.kind) {
      case 'load-data':
        return (await shelf.take(job.dataset, tools).dataset).info;
      case 'prepare': {
        const { dataset, firstImages } = shelf.take(job.dataset, tools);
        // The first images go before the backend, whose choice holds this thread for a while.
        const backendAfter = firstImages.then(() => prepareBackend(job.backend, job.measure && runs === 0));
        const [backend, { info }] = await Promise.all([backendAfter, dataset]);
        return { backend, info };
      }
      case 'run': {
        runs++;
        const keeper = new RunKeeper(ground.runs, job.place, tools.keep);
        try {
          const { runExperiment } = await import('../engine/training/run.ts');
          const { RecordedRounds } = await import('../engine/federated/recorded-round.ts');
          const rounds = new RecordedRounds(ROUNDS_BYTES);
          if (job.config.federated.enabled) recorded = { run: job.place.id, rounds };
          return await runExperiment(job.config, {
            signal: tools.signal,
            emit: (event) => {
              keeper.take(event);
              tools.emit(event);
            },
            controller: tools.controller,
            storage: keeper,
            prepareBackend: (choice) => prepareBackend(choice),
            loadDataset: (id) => shelf.take(id, tools).dataset,
            loadPretrained: (model, dataset) => pretrained(model, dataset, ground),
            importedWeights: job.weights,
            checkpoint: job.checkpoint,
            fresh: job.fresh ?? null,
            onNan: 'pause',
            keepRound: (round) => rounds.take(round),
            helpers: { spawn: ground.helpers.spawn, count: ground.helpers.count(job.threads) },
          });
        } finally {
          runs--;
        }
      }
      case 'replay': {
        const round = recorded?.run === job.run ? recorded.rounds.find(job.round) : null;
        if (!round) throw notKept(job.round, recorded?.run === job.run ? recorded.rounds.numbers : []);
        const { replayRound } = await import('../engine/federated/replay.ts');
        const { task, backend } = round.config;
        await prepareBackend(backend);
        const dataset = datasetOfTask(await shelf.take(task.dataset, tools).dataset, task);
        return replayRound(round, dataset, {
          rules: job.rules,
          signal: tools.signal,
          onProgress: (done, total) =>
            tools.emit({ type: 'progress', stage: 'evaluation', done, total, unit: 'parts' }),
        });
      }
      case 'evaluate': {
        const { evaluateWeights } = await import('../engine/training/evaluate.ts');
        await prepareBackend(job.config.backend);
        const whole = await shelf.take(job.config.task.dataset, tools).dataset;
        return evaluateWeights(job.weights, job.config, datasetOfTask(whole, job.config.task), {
          scope: job.scope,
          step: 0,
          epoch: 0,
          signal: tools.signal,
          onProgress: (done, total) =>
            tools.emit({ type: 'progress', stage: 'evaluation', done, total, unit: 'examples' }),
        });
      }
      case 'defend': {
        await prepareBackend(job.config.backend);
        return defendJob(job, {
          signal: tools.signal,
          tell: tools.tell,
          dataset: await shelf.take(job.config.task.dataset, tools).dataset,
          loadPretrained: (model, dataset) => pretrained(model, dataset, ground),
          cache: controls,
          helpers: { spawn: ground.helpers.spawn, count: ground.helpers.count(job.threads) },
        });
      }
      case 'prune':
        return pruneJob(job, benchGround(tools));
      case 'latent-map':
        return latentMapJob(job, benchGround(tools));
      case 'train-model':
        return trainModelJob(job, benchGround(tools, job.threads));
      case 'bring-data': {
        const dataset = await customDataset({
          title: job.title,
          train: job.train,
          test: job.test ?? undefined,
        });
        await keepDataset(dataset);
        return dataset.info;
      }
      case 'bring-files': {
        const { bringFiles } = await import('./bring-files.ts');
        const dataset = await bringFiles(job, tools);
        await keepDataset(dataset);
        return dataset.info;
      }
      case 'poison-page':
        return poisonPage(job, poisonedData(tools));
      case 'poison-export': {
        const onProgress = (done: number, total: number): void =>
          tools.emit({ type: 'progress', stage: 'attack', done, total, unit: 'examples' });
        return poisonExport(job, poisonedData(tools), { signal: tools.signal, onProgress });
      }
      case 'hold-model': {
        await prepareBackend(job.config.backend);
        return onShow.hold(job.weights, await shelf.take(job.config.task.dataset, tools).dataset);
      }
      case 'look':
        return onShow.look(job);
      case 'browse':
        return browse(job, await shelf.take(job.task.dataset, tools).dataset);
      case 'similar': {
        await prepareBackend(job.config.backend);
        return similar(job, await shelf.take(job.config.task.dataset, tools).dataset, {
          signal: tools.signal,
          onProgress: (done, total) =>
            tools.emit({ type: 'progress', stage: 'attack', done, total, unit: 'examples' }),
          loadPretrained: (model, dataset) => pretrained(model, dataset, ground),
          cache: controls,
          latents,
        });
      }
    }
  };
}

function notKept(round: number, kept: readonly number[]): LabError {
  return new LabError({
    code: 'E-AGGREGATION',
    what: `The updates of round ${round} are not kept.`,
    why:
      kept.length === 0
        ? 'The worker that trained has none: it was started anew, or a round is larger than what is kept.'
        : `So much fits: round ${kept.join(', ')}.`,
    fix: kept.length === 0 ? 'Train one more round, then replay that one.' : 'Choose one of these.',
  });
}

async function pretrained(model: string, dataset: string, { readModel }: JobGround) {
  const file = `${model}-${dataset}.safetensors`;
  try {
    return weightsFromSafetensors(await readModel(file), { file });
  } catch (cause) {
    if (cause instanceof LabError && cause.code !== 'E-DATASET-FETCH') throw cause;
    throw new LabError(
      {
        code: 'E-MODEL',
        what: `There is no pretrained ${model} for ${dataset}.`,
        why: 'The lab ships one clean model, SimpleNet for MNIST.',
        fix: 'Choose random starting weights.',
        where: 'task.weights',
      },
      { cause },
    );
  }
}
