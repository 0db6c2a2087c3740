/** What a trigger has learned, as text beside the tensors of a model: `load_state_dict` sees the network alone. */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import type { NamedArray } from '../experiment/weights.ts';

const arrays = z.array(
  z.object({ name: z.string().min(1).max(64), values: z.base64().max(64 * 1024 * 1024) }),
);

/** JSON with the numbers as base64 of 32-bit floats, little-endian. */
export function triggerToText(trigger: readonly NamedArray[]): string {
  return JSON.stringify(trigger.map(({ name, data }) => ({ name, values: base64Of(data) })));
}

/**
 * What a model's file says its triggers have learned; undefined where it has nothing of that kind.
 * @param file name for errors
 * @throws LabError E-MODEL where it says something that cannot be read: without it the trigger would be another one
 */
export function triggerFromText(text: string | undefined, file = 'The file'): NamedArray[] | undefined {
  if (text === undefined) return undefined;
  const found = arrays.safeParse(parsed(text));
  if (!found.success) throw damaged(file, 'It is no list of named numbers, or it is cut short.', found.error);
  return found.data.map(({ name, values }) => {
    const data = floatsOf(values);
    if (data === null) throw damaged(file, `"${name}" in it ends within a number.`);
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw damaged(file, `"${name}" in it holds ${String(data[at])} at index ${at}.`);
    return { name, shape: [data.length], data };
  });
}

function damaged(file: string, why: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'E-MODEL',
      what: `${file} carries a learned trigger that is damaged.`,
      why,
      fix: 'Export the model again; to use the network alone, take "trigger" out of the file’s metadata.',
      where: file,
    },
    { cause },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function base64Of(data: Float32Array): string {
  const view = new DataView(new ArrayBuffer(4 * data.length));
  data.forEach((value, at) => view.setFloat32(4 * at, value, true));
  let binary = '';
  for (let at = 0; at < view.byteLength; at++) binary += String.fromCharCode(view.getUint8(at));
  return btoa(binary);
}

/** Null where the bytes are no whole numbers of 4. */
function floatsOf(values: string): Float32Array | null {
  const binary = atob(values);
  if (binary.length % 4 !== 0) return null;
  const view = new DataView(new ArrayBuffer(binary.length));
  for (let at = 0; at < view.byteLength; at++) view.setUint8(at, binary.charCodeAt(at));
  return Float32Array.from({ length: view.byteLength / 4 }, (_, at) => view.getFloat32(4 * at, true));
}
