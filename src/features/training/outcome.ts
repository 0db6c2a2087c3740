import type { SampleVerdict } from '../../core/experiment/events.ts';

/**
 * `fired`: the trigger made the model say the backdoor label; `already`: it is the true one, or what the model says
 * without the trigger too, so that nothing can be told.
 */
export type Outcome = 'fired' | 'missed' | 'already';

export function outcomeOf(
  sample: Pick<SampleVerdict, 'label' | 'backdoorLabel' | 'clean' | 'attacked'>,
): Outcome {
  if (sample.label === sample.backdoorLabel) return 'already';
  if (sample.attacked.label !== sample.backdoorLabel) return 'missed';
  return sample.clean.label === sample.backdoorLabel ? 'already' : 'fired';
}

export type GalleryFilter = 'all' | 'fired' | 'not-fired';

/** The samples that a filter lets through; what cannot fire counts as not fired. */
export function filterSamples<Sample extends Parameters<typeof outcomeOf>[0]>(
  samples: readonly Sample[],
  filter: GalleryFilter,
): readonly Sample[] {
  if (filter === 'all') return samples;
  return samples.filter((sample) => (outcomeOf(sample) === 'fired') === (filter === 'fired'));
}
