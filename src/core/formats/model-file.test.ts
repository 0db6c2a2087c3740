import { describe, expect, it } from 'vitest';
import type { LabError } from '../errors.ts';
import type { ModelWeights } from '../experiment/weights.ts';
import { architectureOf } from '../models/architectures.ts';
import { initializeParameters } from '../models/initialize.ts';
import { parameterSpecs } from '../models/parameter-specs.ts';
import { weightsToLayersModel } from './layers-model.ts';
import { modelFromFile } from './model-file.ts';
import { weightsToSafetensors } from './model-safetensors.ts';
import { writeSafetensors } from './safetensors-writer.ts';
import { writeZip } from './zip.ts';

const SHAPE = [16, 16, 1] as const;
const weights: ModelWeights = {
  model: 'simplenet',
  inputShape: [...SHAPE],
  classes: 3,
  parameters: initializeParameters(
    parameterSpecs(architectureOf('simplenet').layers([...SHAPE], 3), [...SHAPE]),
    1,
  ),
};
const file = weightsToSafetensors(weights);

/** As the terminal keeps a run: its weights beside those of the optimizer. */
function checkpoint(description: string): Uint8Array {
  const named = (prefix: string) =>
    weights.parameters.map((array) => ({ ...array, name: prefix + array.name }));
  return writeSafetensors([...named('weights/'), ...named('optimizer/momentum_buffer/')], {
    metadata: { format: 'backdoor-lab-checkpoint', checkpoint: description },
  });
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    return (thrown as LabError).code;
  }
  return 'none';
};

describe('a model file', () => {
  it.each([
    ['safetensors', file],
    ['a LayersModel', writeZip(weightsToLayersModel(weights))],
    ['the zip of a run', writeZip(new Map([['model.safetensors', file]]))],
    ['a checkpoint', checkpoint(JSON.stringify({ ...weights, parameters: undefined, step: 7 }))],
  ])('is read from %s', (_, bytes) => {
    expect(modelFromFile('a.bin', bytes)).toEqual(weights);
  });

  it.each([
    ['text', new TextEncoder().encode('not a model')],
    ['another zip', writeZip(new Map([['other.txt', new Uint8Array(3)]]))],
    ['a run whose model is cut short', writeZip(new Map([['model.safetensors', new Uint8Array(3)]]))],
    ['a checkpoint of no model', checkpoint('{}')],
    [
      'a checkpoint of another model',
      checkpoint('{"model": "nonsense", "inputShape": [1, 1, 1], "classes": 2}'),
    ],
    ['a checkpoint whose description is cut short', checkpoint('{"model": ')],
  ])('is refused when it is %s', (_, bytes) => {
    expect(codeOf(() => modelFromFile('a.bin', bytes))).toBe('E-MODEL');
  });

  it.each([
    ['new', writeZip(new Map([['archive/data.pkl', new Uint8Array(3)]]))],
    ['old', Uint8Array.of(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9)],
  ])('that is a pickle of PyTorch is refused with the line that converts it: %s', (_, bytes) => {
    expect(() => modelFromFile('model.pt', bytes)).toThrow(
      /E-MODEL: model.pt is a pickle.*save_file\(torch.load/,
    );
  });
});
