import type { ExperimentConfig } from '../../src/core/config/schema.ts';
import type { Evaluation } from '../../src/core/experiment/events.ts';
import { WorkerClient } from '../../src/workers/client.ts';
import { spawnWorker } from '../../src/workers/spawn.ts';

export interface EpochTiming {
  /** From the start of training to the end of the epoch, with every evaluation in between. */
  seconds: number;
  /** The part of it that the evaluation at the end took. */
  evaluationSeconds: number;
  backend: string;
  cleanAccuracy: number;
  attackSuccess: number;
  steps: number;
}

/** Runs an experiment in the product's own worker, and times its course from the moment that training starts. */
export async function runEpoch(config: ExperimentConfig): Promise<EpochTiming> {
  const line = spawnWorker();
  const client = new WorkerClient(line);
  let started = NaN;
  let backend = '';
  let last: Evaluation | null = null;
  try {
    const job = client.start(
      {
        kind: 'run',
        config,
        checkpoint: null,
        weights: null,
        startPaused: false,
        threads: null,
        place: {
          id: 'bench',
          after: -1,
          before: { steps: new Float64Array(), evaluations: [] },
          replaces: [],
        },
      },
      {
        onEvent: (event) => {
          if (event.type === 'started') {
            started = performance.now();
            backend = event.backend.label;
          }
          if (event.type === 'evaluation') last = event.evaluation;
        },
      },
    );
    const { steps, evaluation } = await job.result;
    const seconds = (performance.now() - started) / 1000;
    const final = evaluation ?? last;
    return {
      seconds,
      evaluationSeconds: final?.seconds ?? NaN,
      backend,
      cleanAccuracy: final?.cleanAccuracy.value ?? NaN,
      attackSuccess: final?.attackSuccess.value ?? NaN,
      steps,
    };
  } finally {
    line.terminate();
  }
}
