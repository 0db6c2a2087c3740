import type { ImageInfo } from '../../core/datasets/dataset.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import { multiplyAdds } from '../../core/models/cost.ts';
import { parameterCount } from '../../core/models/parameter-specs.ts';
import { simplenet } from '../../core/models/simplenet.ts';
import { formatCount } from '../../ui/format.ts';

/** A step of so many times SimpleNet's arithmetic takes a processor seconds where SimpleNet's takes it hundredths. */
const WANTS_GPU = 50;

/**
 * How large a model is on the data set's images, and what it costs beside SimpleNet; empty when the images are too small
 * for it, which the draft's problems say.
 */
export function modelNote(model: string, { shape, classes }: Pick<ImageInfo, 'shape' | 'classes'>): string {
  const dims = [shape.height, shape.width, shape.channels] as const;
  try {
    const architecture = architectureOf(model);
    const parameters = `${formatCount(parameterCount(architecture, dims, classes.length))} parameters`;
    if (architecture.id === simplenet.id) return `${parameters}.`;
    const times =
      multiplyAdds(architecture, dims, classes.length) / multiplyAdds(simplenet, dims, classes.length);
    const cost = `about ${formatCount(Number(times.toPrecision(times < 10 ? 1 : 2)))} times the arithmetic of SimpleNet`;
    const advice =
      times > WANTS_GPU ? ' Without a GPU a step takes seconds; ResNet-8 is of the same family.' : '';
    return `${parameters}, ${cost}.${advice}`;
  } catch {
    return '';
  }
}
