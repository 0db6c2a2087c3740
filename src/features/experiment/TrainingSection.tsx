import { useExperiment } from '../../state/experiment-store.ts';
import { ClassWeightsField } from './ClassWeightsField.tsx';
import { ConfigField } from './ConfigField.tsx';

const OPTIMIZER_FIELDS = {
  sgd: ['learning_rate', 'momentum', 'weight_decay'],
  adam: ['learning_rate', 'beta1', 'beta2', 'epsilon', 'weight_decay'],
} as const;

const PRIVACY_FIELDS = {
  none: [],
  dp_sgd: ['clip', 'noise_multiplier', 'target_epsilon', 'delta', 'accountant'],
  gradient_shaping: ['each', 'clip', 'sigma'],
} as const;

/** What an empty field means. */
const EMPTY: Readonly<Record<string, string>> = { target_epsilon: 'by the noise', delta: 'by the examples' };

/** How the model is trained. */
export function TrainingSection() {
  const kind = useExperiment((state) => state.draft.training.optimizer.kind);
  const privacy = useExperiment((state) => state.draft.training.privacy.kind);
  const sampling = useExperiment((state) => state.draft.training.sampling);
  return (
    <>
      <ConfigField path="training.epochs" />
      <ConfigField path="training.batch_size" />
      <ConfigField path="training.max_batches" empty="all" />
      <ConfigField path="training.optimizer.kind" />
      {OPTIMIZER_FIELDS[kind].map((name) => (
        <ConfigField key={name} path={`training.optimizer.${name}`} />
      ))}
      <ConfigField path="training.schedule" />
      <ConfigField path="training.sampling" />
      {sampling === 'weighted' && <ClassWeightsField />}
      <ConfigField path="training.privacy.kind" />
      {PRIVACY_FIELDS[privacy].map((name) => (
        <ConfigField
          key={name}
          path={`training.privacy.${name}`}
          {...(EMPTY[name] && { empty: EMPTY[name] })}
        />
      ))}
      <ConfigField path="seed" />
      <ConfigField path="training.start_epoch" />
      <ConfigField path="training.nan_check" />
    </>
  );
}

/** When accuracy and attack success are measured, and the run is kept. */
export function EvaluationSection() {
  return (
    <>
      <ConfigField path="evaluation.live_every" />
      <ConfigField path="evaluation.live_examples" />
      <ConfigField path="evaluation.batch_size" />
      <ConfigField path="checkpoints.every" />
    </>
  );
}
