import { LabError } from '../../core/errors.ts';
import type { ModelWeights, NamedArray } from '../../core/experiment/weights.ts';
import type { ArchitectureDefinition } from '../../core/models/layers.ts';
import { sizeOf } from '../../core/models/layers.ts';
import { parameterSpecs } from '../../core/models/parameter-specs.ts';
import type { InputShape } from '../../core/models/shapes.ts';
import { wave, type WaveSpec } from './wave.ts';

/**
 * The deterministic weights of a reference file: each parameter is its wave, a normalisation's gamma 1 + wave, running
 * statistics are as at the start (mean 0, variance 1).
 * @param given every parameter of the architecture, in any order
 * @throws LabError E-CONFIG-VALUE when one lacks or is none of the architecture's; E-SHAPE comes from the network
 */
export function waveWeights(
  architecture: ArchitectureDefinition,
  inputShape: InputShape,
  classes: number,
  given: readonly (WaveSpec & { name: string })[],
): ModelWeights {
  const specs = parameterSpecs(architecture.layers(inputShape, classes), inputShape);
  const byName = new Map(given.map((spec) => [spec.name, spec]));
  const parameters = specs.map(({ name, shape, start, role }): NamedArray => {
    const base = 'value' in start ? start.value : 0;
    const spec = byName.get(name);
    byName.delete(name);
    if (!spec && role === 'parameter') throw mismatch(architecture, `The file lacks ${name}.`);
    if (!spec) return { name, shape, data: new Float32Array(sizeOf(shape)).fill(base) };
    const data = wave(spec);
    return { name, shape: spec.shape, data: base === 0 ? data : data.map((value) => value + base) };
  });
  const [unknown] = byName.keys();
  if (unknown !== undefined) throw mismatch(architecture, `It has no ${unknown}.`);
  return {
    model: architecture.id,
    inputShape,
    classes,
    parameters,
  };
}

function mismatch({ title }: ArchitectureDefinition, why: string): LabError {
  return new LabError({
    code: 'E-CONFIG-VALUE',
    what: `The parameters are not those of ${title}.`,
    why,
    fix: 'Compare the file with the format in the README beside the reference figures.',
  });
}
