/** A run as the export formats want it, from what the page keeps of it. */
import { type ObjectiveName, STEP_OBJECTIVES } from '../../core/config/schema.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import type { RunResult, StepRecord } from '../../core/experiment/events.ts';
import type { RunSeries } from '../../core/series/runSeries.ts';
import type { RunState } from '../../state/run-store.ts';

type StepGroup = 'loss' | 'scale' | 'gradient_norm';

/** The steps of a run, from its columns; what was not measured is left out. */
export function stepRecords({ steps }: RunSeries): StepRecord[] {
  const column = {
    step: steps.column('step'),
    epoch: steps.column('epoch'),
    batch: steps.column('batch'),
    cosine: steps.column('cosine'),
    minimumNorm: steps.column('minimum_norm'),
    learningRate: steps.column('learning_rate'),
    attacking: steps.column('attacking'),
    milliseconds: steps.column('milliseconds'),
  };
  const groups = new Map(
    (['loss', 'scale', 'gradient_norm'] as const).map((group) => [
      group,
      STEP_OBJECTIVES.map((name) => [name, steps.column(`${group}_${name}`)] as const),
    ]),
  );
  const measured = (group: StepGroup, row: number): Partial<Record<ObjectiveName, number>> =>
    Object.fromEntries(
      (groups.get(group) ?? [])
        .map(([name, values]) => [name, values[row] ?? NaN] as const)
        .filter(([, value]) => !Number.isNaN(value)),
    );
  const orNull = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);

  return Array.from({ length: steps.length }, (_, row) => ({
    step: column.step[row] ?? 0,
    epoch: column.epoch[row] ?? 0,
    batch: column.batch[row] ?? 0,
    losses: measured('loss', row),
    scales: measured('scale', row),
    gradientNorms: measured('gradient_norm', row),
    cosine: orNull(column.cosine[row]),
    minimumNorm: orNull(column.minimumNorm[row]),
    learningRate: column.learningRate[row] ?? 0,
    attacking: column.attacking[row] === 1,
    milliseconds: column.milliseconds[row] ?? 0,
  }));
}

/** The result of a run that has ended, or as far as it has come; null before its first step. */
export function runSoFar(
  state: Pick<
    RunState,
    'result' | 'config' | 'backend' | 'epochs' | 'step' | 'fullEvaluation' | 'evaluation' | 'rounds'
  >,
  checkpoint: Pick<Checkpoint, 'seconds' | 'interventions'> | null,
): RunResult | null {
  if (state.result !== null) return state.result;
  const { config, backend, epochs, step } = state;
  if (config === null || backend === null || step === 0) return null;
  return {
    config,
    seed: config.seed,
    backend: backend.name,
    epochs,
    steps: step,
    seconds: checkpoint?.seconds ?? epochs.reduce((sum, epoch) => sum + epoch.seconds, 0),
    evaluation: state.fullEvaluation ?? state.evaluation,
    interventions: checkpoint?.interventions ?? [],
    ...(state.rounds.length > 0 && { rounds: state.rounds }),
  };
}
