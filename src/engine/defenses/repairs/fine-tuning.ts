/** Fine-tuning on clean examples. Source: Liu et al., Fine-Pruning, RAID 2018, section 3.2. */
import type { params } from '../../../core/defenses/fine-tuning.ts';
import type { DefenseRun } from '../context.ts';
import { tuned } from './tune.ts';

export const runFineTuning: DefenseRun<typeof params> = async (context, settings) => {
  const weights = await tuned(context, context.weights, settings, {
    id: 'fine_tuning',
    title: 'Loss while it is tuned',
    onStep: context.progress,
  });
  return { verdict: 'repaired', score: null, flagged: [], metrics: {}, weights };
};
