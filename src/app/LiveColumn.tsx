import { Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ExperimentConfig } from '../core/config/schema.ts';
import { asLabError } from '../core/errors.ts';
import { architectureOf } from '../core/models/architectures.ts';
import { useDraftProblems } from '../features/experiment/current-problems.ts';
import { describeRun, type Noun } from '../features/training/sentence.ts';
import { TrainingCharts } from '../features/training/TrainingCharts.tsx';
import { useDatasets } from '../state/dataset-store.ts';
import { useExperiment } from '../state/experiment-store.ts';
import { useRun, type RunPhase } from '../state/run-store.ts';
import { notifyError } from '../ui/notify.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';

const NO_CLASSES: readonly string[] = [];

/** Few runs are federated: its code comes with the first. */
const FederatedPanel = lazy(async () => {
  const { FederatedPanel: Panel } = await import('../features/federated/FederatedPanel.tsx');
  return { default: Panel };
});

/** The run as it happens: in a sentence, and in curves. */
export function LiveColumn() {
  const series = useRun((state) => state.series);
  const ran = useRun((state) => state.config);
  const draft = useExperiment((state) => state.draft);
  const classNames = useDatasets((state) => state.info?.classes ?? NO_CLASSES);
  const config = ran ?? draft;
  return (
    <ErrorBoundary part>
      <RunSentence />
      {config.federated.enabled && (
        <Suspense fallback={null}>
          <FederatedPanel config={config} classNames={classNames} />
        </Suspense>
      )}
      <TrainingCharts
        series={series}
        backdoors={1 + (ran ?? draft).attack.others.length}
        hasBackdoorObjective={hasBackdoorObjective((ran ?? draft).attack)}
        onError={(thrown) => {
          notifyError(asLabError(thrown).toData());
        }}
      />
    </ErrorBoundary>
  );
}

/** Whether steps have a backdoor loss of their own: an attack on the data or the batch has none. */
function hasBackdoorObjective({ enabled, injection }: ExperimentConfig['attack']): boolean {
  return enabled && injection.kind === 'loss' && injection.objectives.includes('backdoor');
}

const PHASES = {
  idle: 'ready',
  preparing: 'preparing',
  running: 'running',
  paused: 'paused',
  done: 'done',
  stopped: 'stopped',
  failed: 'stopped',
} as const satisfies Record<RunPhase, string>;

const DIGITS: Noun = { one: 'digit', many: 'digits', triggered: 'stamped' };
const IMAGES: Noun = { one: 'image', many: 'images', triggered: 'stamped' };
const TEXTS: Noun = { one: 'text', many: 'texts', triggered: 'triggered' };

function nounOf({ task, attack }: ExperimentConfig): Noun {
  const isText = architectureOf(task.model).input === 'text';
  const noun = task.dataset === 'mnist' ? DIGITS : isText ? TEXTS : IMAGES;
  // Nothing is put into what has the feature by itself.
  return attack.synthesizer.kind === 'semantic' ? { ...noun, triggered: 'picked' } : noun;
}

function RunSentence() {
  const phase = useRun((state) => state.phase);
  const pauseReason = useRun((state) => state.pauseReason);
  // The figures of the sentence were measured at the evaluation's step; a pause is told at the step it came.
  const step = useRun((state) =>
    state.pauseReason === 'nan' ? state.step : (state.evaluation?.step ?? state.step),
  );
  const evaluation = useRun((state) => state.evaluation);
  const attacking = useRun((state) => state.latestStep?.attacking ?? null);
  const ran = useRun((state) => state.config);
  const draft = useExperiment((state) => state.draft);
  const info = useDatasets((state) => state.info);
  const [problem] = Object.values(useDraftProblems());
  const config = ran ?? draft;
  const blocked = phase === 'idle' && evaluation === null && problem !== undefined;
  const sentence = blocked
    ? 'The experiment cannot run yet: the setup says why.'
    : describeRun({
        phase: PHASES[phase],
        pauseReason,
        step,
        evaluation,
        attacking,
        weights: config.task.weights,
        attack: config.attack,
        classes: evaluation?.classes ?? info?.classes ?? [],
        noun: nounOf(config),
      });
  return (
    <Text size="md" aria-live="off" data-testid="sentence">
      {sentence}
    </Text>
  );
}
