import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import { multiplyAdds } from '../../core/models/cost.ts';
import { inputShapeOf } from '../../core/models/input-of.ts';
import { parameterCount } from '../../core/models/parameter-specs.ts';
import { simplenet } from '../../core/models/simplenet.ts';
import { textCnn } from '../../core/models/text-cnn.ts';
import { formatCount } from '../../ui/format.ts';

/** A step of so many times SimpleNet's arithmetic takes a processor seconds where SimpleNet's takes it hundredths. */
const WANTS_GPU = 50;

/**
 * How large a model is on the data set's images or texts, and what it costs beside SimpleNet, of texts beside the text
 * CNN; empty where it does not take them, which the draft's problems say.
 */
export function modelNote(model: string, info: DatasetInfo): string {
  const dims = inputShapeOf(info);
  const classes = info.classes.length;
  const usual = info.kind === 'text' ? textCnn : simplenet;
  try {
    const architecture = architectureOf(model);
    const parameters = `${formatCount(parameterCount(architecture, dims, classes))} parameters`;
    if (architecture.id === usual.id) return `${parameters}.`;
    const times = multiplyAdds(architecture, dims, classes) / multiplyAdds(usual, dims, classes);
    const cost = `about ${formatCount(Number(times.toPrecision(times < 10 ? 1 : 2)))} times the arithmetic of ${usual === textCnn ? 'the text CNN' : 'SimpleNet'}`;
    const advice =
      times > WANTS_GPU && info.kind === 'images'
        ? ' Without a GPU a step takes seconds; ResNet-8 is of the same family.'
        : '';
    return `${parameters}, ${cost}.${advice}`;
  } catch {
    return '';
  }
}
