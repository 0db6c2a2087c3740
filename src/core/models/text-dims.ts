import type { ModelDims } from './layers.ts';

/** Words of a text where neither file nor data set tells, as in most work on IMDB with small networks. */
export const USUAL_LENGTH = 200;

/**
 * What a text network is made for, from the shapes of its arrays: its table of words, its last dense layer, and where the
 * length matters its table of places. Null when one of them lacks.
 */
export function textDims(
  shapes: ReadonlyMap<string, readonly number[]>,
  words: string,
  head: string,
  places?: string,
): ModelDims | null {
  const vocabulary = shapes.get(`${words}.weight`)?.[0];
  const classes = shapes.get(`${head}.weight`)?.[0];
  const length = places === undefined ? USUAL_LENGTH : shapes.get(`${places}.weight`)?.[0];
  if (vocabulary === undefined || classes === undefined || length === undefined) return null;
  return { inputShape: [length, vocabulary], classes };
}
