import { LabError } from '../errors.ts';
import type { ModelWeights, NamedArray } from '../experiment/weights.ts';
import { architectureOf } from './architectures.ts';
import { parameterSpecs } from './parameter-specs.ts';
import { describeInput, type InputShape } from './shapes.ts';

/**
 * Weights of an architecture, checked against what it needs and put in its order. Counts of batches may be left out, as
 * in PyTorch: nothing is computed from them.
 * Throws E-MODEL (parameters missing, too many, or not finite; a variance below 0) and E-SHAPE (which one, expected, found).
 * @param file name for errors
 */
export function checkedWeights(
  model: string,
  inputShape: InputShape,
  classes: number,
  arrays: readonly NamedArray[],
  file = 'The file',
): ModelWeights {
  const architecture = architectureOf(model);
  const specs = parameterSpecs(architecture.layers(inputShape, classes), inputShape);
  const byName = new Map(arrays.map((array) => [array.name, array]));
  const missing = specs
    .filter(({ name, role }) => role !== 'count' && !byName.has(name))
    .map(({ name }) => name);
  const known = new Set(specs.map(({ name }) => name));
  const extra = [...byName.keys()].filter((name) => !known.has(name));
  if (missing.length > 0 || extra.length > 0) {
    throw new LabError({
      code: 'E-MODEL',
      what: `${file} does not hold the parameters of ${architecture.title}.`,
      why: [named('It lacks', missing), named('It has besides', extra)].join(' ').trim(),
      fix: `Give a model with ${specs
        .filter(({ role }) => role !== 'count')
        .map(({ name }) => name)
        .join(', ')}.`,
      where: file,
    });
  }
  const parameters = specs.map(({ name, shape, role }) => {
    const array = byName.get(name);
    if (array === undefined && role === 'count') return { name, shape, data: new Float32Array(1) };
    const found = array?.shape ?? [];
    if (array === undefined || found.join() !== shape.join()) {
      throw new LabError({
        code: 'E-SHAPE',
        what: `${file}: "${name}" has the shape [${found.join(', ')}] and should have [${shape.join(', ')}].`,
        why: `${architecture.title} has it for inputs of ${describeInput(inputShape)} and ${classes} classes.`,
        fix: 'Give a model that was trained on inputs of this size with so many classes.',
        where: `${file}, ${name}`,
      });
    }
    const at = array.data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      throw new LabError({
        code: 'E-MODEL',
        what: `${file}: "${name}" holds ${array.data[at] ?? 'nothing'} at index ${at}.`,
        why: 'A weight must be a finite number; training probably diverged before it was saved.',
        fix: 'Save an earlier checkpoint, or train with a smaller learning rate.',
        where: `${file}, ${name}`,
      });
    }
    if (role === 'statistic' && name.endsWith('.running_var')) assertVariance(name, array.data, file);
    return { name, shape, data: array.data };
  });
  return { model, inputShape, classes, parameters };
}

function assertVariance(name: string, data: Float32Array, file: string): void {
  const at = data.findIndex((value) => value < 0);
  if (at < 0) return;
  throw new LabError({
    code: 'E-MODEL',
    what: `${file}: "${name}" holds ${data[at]} at index ${at}.`,
    why: 'A variance is 0 or more; the file is damaged, or its arrays are mixed up.',
    fix: 'Save the model again.',
    where: `${file}, ${name}`,
  });
}

function named(verb: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, 8).join(', ');
  return `${verb} ${shown}${names.length > 8 ? ` and ${names.length - 8} more` : ''}.`;
}
