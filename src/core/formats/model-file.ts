/** A model in any form that the lab reads. */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import type { ModelWeights } from '../experiment/weights.ts';
import { architectures } from '../models/architectures.ts';
import { checkedWeights } from '../models/checked-weights.ts';
import { weightsFromLayersModel } from './layers-model.ts';
import { weightsFromSafetensors } from './model-safetensors.ts';
import { floatsOf, readSafetensors } from './safetensors.ts';
import { triggerFromText } from './trigger-metadata.ts';
import { isZip, readZip } from './zip.ts';

/** What a checkpoint of the terminal says of itself, and what its weights are called. */
export const CHECKPOINT_FORMAT = 'backdoor-lab-checkpoint';
export const CHECKPOINT_WEIGHTS = 'weights/';

/**
 * A model from safetensors, a LayersModel zip, the zip of a whole run or a checkpoint of the terminal. The content decides,
 * not the name.
 * @param name of the file, for errors
 * @throws LabError E-MODEL (none of these, damaged, no architecture that the lab knows), E-SHAPE
 */
export function modelFromFile(name: string, bytes: Uint8Array): ModelWeights {
  if (isZip(bytes)) {
    const files = readZip(bytes, { file: name });
    const inside = files.get('model.safetensors');
    if (inside) return weightsFromSafetensors(inside, { file: `${name}, model.safetensors` });
    if ([...files.keys()].some((path) => path.endsWith('/data.pkl'))) throw pickled(name);
    return weightsFromLayersModel(files, name);
  }
  // The first bytes of a pickle, protocols 2 to 5.
  if (bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5 && !looksLikeHeader(bytes))
    throw pickled(name);
  return weightsOfCheckpoint(name, bytes) ?? weightsFromSafetensors(bytes, { file: name });
}

/** safetensors: after the length of the header comes its brace. */
function looksLikeHeader(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b;
}

const described = z.object({
  model: z.enum(Object.keys(architectures)),
  inputShape: z.union([
    z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
    z.tuple([z.int().min(1), z.int().min(1)]),
  ]),
  classes: z.int().min(1),
});

/** Null for a safetensors file that is no checkpoint. */
function weightsOfCheckpoint(name: string, bytes: Uint8Array): ModelWeights | null {
  const { metadata, tensors } = readSafetensors(bytes, name);
  if (metadata['format'] !== CHECKPOINT_FORMAT) return null;
  const found = described.safeParse(readJson(metadata['checkpoint']));
  if (!found.success) {
    throw new LabError(
      {
        code: 'E-MODEL',
        what: `${name} is a checkpoint that does not say what model it holds.`,
        why: 'Its description is damaged.',
        fix: 'Give the model that the run exported, or the older checkpoint beside it (NAME.older).',
        where: name,
      },
      { cause: found.error },
    );
  }
  const { model, inputShape, classes } = found.data;
  const arrays = tensors
    .filter((tensor) => tensor.name.startsWith(CHECKPOINT_WEIGHTS))
    .map((tensor) => ({
      name: tensor.name.slice(CHECKPOINT_WEIGHTS.length),
      shape: tensor.shape,
      data: floatsOf(tensor),
    }));
  const trigger = triggerFromText(metadata['trigger'], name);
  return { ...checkedWeights(model, inputShape, classes, arrays, name), ...(trigger && { trigger }) };
}

function readJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

/** PyTorch's own files hold a program that their reader runs, so nobody should read a stranger's. */
function pickled(name: string): LabError {
  return new LabError({
    code: 'E-MODEL',
    what: `${name} is a pickle of PyTorch.`,
    why: 'Such a file can run any code where it is read, so the lab reads none.',
    fix: 'Save the state_dict as safetensors, where you trust the file: safetensors.torch.save_file(torch.load(FILE, weights_only=True), "model.safetensors").',
    where: name,
  });
}
