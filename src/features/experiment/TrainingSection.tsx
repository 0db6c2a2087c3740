import { useExperiment } from '../../state/experiment-store.ts';
import { ConfigField } from './ConfigField.tsx';

const OPTIMIZER_FIELDS = {
  sgd: ['learning_rate', 'momentum', 'weight_decay'],
  adam: ['learning_rate', 'beta1', 'beta2', 'epsilon', 'weight_decay'],
} as const;

/** How the model is trained. */
export function TrainingSection() {
  const kind = useExperiment((state) => state.draft.training.optimizer.kind);
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
      <ConfigField
        path="training.sampling"
        {...(sampling === 'weighted' && { note: 'The weights stand in the document, as class_weights.' })}
      />
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
