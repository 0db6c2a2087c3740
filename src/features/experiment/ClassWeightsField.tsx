import { infoOfTask } from '../../core/datasets/subset.ts';
import { useDatasets } from '../../state/dataset-store.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { orderOfClasses, parseWeights } from './class-weights.ts';
import { NumberListField } from './NumberListField.tsx';

/** How often examples of each class are drawn. */
export function ClassWeightsField() {
  const info = useDatasets((state) => state.info);
  const task = useExperiment((state) => state.draft.task);
  const note = info?.id === task.dataset ? orderOfClasses(infoOfTask(info, task).classes) : null;
  return <NumberListField path="training.class_weights" parse={parseWeights} note={note} />;
}
