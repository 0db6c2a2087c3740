import type { SampleVerdict } from '../../core/experiment/events.ts';

/** `fired`: the trigger made the model say the backdoor label; `already`: it is the true one, so nothing can be told. */
export type Outcome = 'fired' | 'missed' | 'already';

export function outcomeOf(sample: Pick<SampleVerdict, 'label' | 'backdoorLabel' | 'attacked'>): Outcome {
  if (sample.label === sample.backdoorLabel) return 'already';
  return sample.attacked.label === sample.backdoorLabel ? 'fired' : 'missed';
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
