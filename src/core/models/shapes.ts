/** What enters a network and what passes between its layers, without the axis of the batch. */

/** [height, width, channels]. */
export type ImageDims = readonly [height: number, width: number, channels: number];

/** [words, vocabulary]: so many words, each a number in [0, vocabulary); 0 fills up what is shorter. */
export type TextDims = readonly [length: number, vocabulary: number];

/** An image or a text. Files and checkpoints hold it as this list of two or three numbers. */
export type InputShape = ImageDims | TextDims;

/** [height, width, channels], a sequence of vectors [length, features], or [features] once flat. */
export type ActivationShape = InputShape | readonly [features: number];

/** The shape of one example as batches hold it: an image as it is, of a text the numbers of its words. */
export function exampleShape(input: InputShape): readonly number[] {
  return input.length === 2 ? [input[0]] : input;
}

/** For people: `28x28x1`, `200 words of 10000`. */
export function describeInput(input: InputShape): string {
  return input.length === 2 ? `${input[0]} words of ${input[1]}` : input.join('x');
}
