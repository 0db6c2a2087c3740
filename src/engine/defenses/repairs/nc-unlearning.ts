/** Unlearning by the recovered trigger. Source: Wang et al., Neural Cleanse, IEEE S&P 2019, section VI-C. */
import type { params } from '../../../core/defenses/nc-unlearning.ts';
import { searchOf } from '../../../core/defenses/trigger-repair-fields.ts';
import type { DefenseRun } from '../context.ts';
import { stepsOf } from './batches.ts';
import { recoveredTrigger, withTrigger } from './recovered-trigger.ts';
import { tuned } from './tune.ts';

export const runNcUnlearning: DefenseRun<typeof params> = async (context, settings) => {
  const { info } = context;
  if (info.kind !== 'images') throw new RangeError('a defense of images was given texts');
  const { examples, batch_size, epochs, share } = settings;
  const steps = stepsOf(context.clean.count, examples, batch_size, epochs);
  let searched = 0;
  const trigger = await recoveredTrigger(context, searchOf(settings), (done, total) => {
    searched = total;
    context.progress(done, total + steps);
  });
  const weights = await tuned(context, context.weights, settings, {
    id: 'nc_unlearning',
    title: 'Loss while the trigger is unlearnt',
    change: (batch) => withTrigger(batch, trigger, info, Math.round(batch.count * share)),
    onStep: (done) => context.progress(searched + done, searched + steps),
  });
  return {
    verdict: 'repaired',
    score: trigger.index,
    flagged: trigger.flagged ? [trigger.label] : [],
    metrics: { unlearnt_label: trigger.label },
    weights,
  };
};
