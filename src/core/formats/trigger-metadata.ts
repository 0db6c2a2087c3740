/** What a trigger has learned, as text beside the tensors of a model: `load_state_dict` sees the network alone. */
import { z } from 'zod';
import type { NamedArray } from '../experiment/weights.ts';

const arrays = z.array(z.object({ name: z.string().max(64), values: z.base64().max(64 * 1024 * 1024) }));

/** JSON with the numbers as base64 of 32-bit floats, little-endian. */
export function triggerToText(trigger: readonly NamedArray[]): string {
  return JSON.stringify(trigger.map(({ name, data }) => ({ name, values: base64Of(data) })));
}

/** Undefined where there is none, or none that can be read. */
export function triggerFromText(text: string | undefined): NamedArray[] | undefined {
  const found = arrays.safeParse(parsed(text));
  return found.success
    ? found.data.map(({ name, values }) => {
        const data = floatsOf(values);
        return { name, shape: [data.length], data };
      })
    : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
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

function floatsOf(values: string): Float32Array {
  const binary = atob(values);
  const view = new DataView(new ArrayBuffer(binary.length - (binary.length % 4)));
  for (let at = 0; at < view.byteLength; at++) view.setUint8(at, binary.charCodeAt(at));
  return Float32Array.from({ length: view.byteLength / 4 }, (_, at) => view.getFloat32(4 * at, true));
}
