import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../core/datasets/sha256.ts';
import { weightsFromSafetensors, weightsToSafetensors } from '../core/formats/model-safetensors.ts';
import type { ControlCache } from '../engine/defenses/control.ts';
import { cacheFolder } from './cache-folder.ts';
import { readInput, statIfThere, writeWhole } from './files.ts';

/** Clean control models that were trained before, in the lab's cache folder. A file that cannot be read is trained anew. */
export function controlFolder(folder = path.join(cacheFolder(), 'controls')): ControlCache {
  const place = async (key: string): Promise<string> =>
    path.join(folder, `${(await sha256(new TextEncoder().encode(key))) ?? 'control'}.safetensors`);
  return {
    async load(key) {
      const file = await place(key);
      if ((await statIfThere(file))?.isFile() !== true) return null;
      try {
        return weightsFromSafetensors(await readInput(file, 'The control', 'E-MODEL'), { file });
      } catch {
        return null;
      }
    },
    async save(key, weights) {
      await mkdir(folder, { recursive: true });
      await writeWhole(await place(key), weightsToSafetensors(weights));
    },
  };
}
