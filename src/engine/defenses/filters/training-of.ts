import type { ExampleSet } from '../../../core/defenses/example-set.ts';
import type { DefenseContext } from '../context.ts';

/** The training set, which the frame gives to every filter. */
export function trainingOf({ training }: Pick<DefenseContext, 'training'>): ExampleSet {
  if (!training) throw new RangeError('the frame gives the training set to a filter');
  return training;
}
