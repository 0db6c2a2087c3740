import { HeadlineMetrics } from '../features/training/HeadlineMetrics.tsx';
import { useRun } from '../state/run-store.ts';

export function Headline() {
  const newest = useRun((state) => state.evaluation);
  const full = useRun((state) => state.fullEvaluation);
  return <HeadlineMetrics live={newest?.scope === 'live' ? newest : null} full={full} />;
}
