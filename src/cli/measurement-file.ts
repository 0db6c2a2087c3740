/** How fast each backend is on this machine, kept between commands in a small JSON file. */
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Measurement, MeasurementStore, Remembering } from '../engine/backend/measurement.ts';
import { writeWhole } from './files.ts';

/** In the lab's own folder, which git ignores: whoever removes the lab removes it too. */
const FILE = fileURLToPath(new URL('../../.cache/backends.json', import.meta.url));

/** Most machines in one file, the latest ones: a folder may be shared between several. */
const MOST = 16;

/**
 * The file holds an object of measurements by machine. One that cannot be read, or holds something else, counts as empty
 * and is written anew. It is replaced whole, so two commands at once lose a record at worst, which is then measured again.
 */
export class MeasurementFile implements MeasurementStore {
  constructor(private readonly file: string = FILE) {}

  async load(machine: string): Promise<unknown> {
    return (await this.read()).get(machine);
  }

  async save(machine: string, measurement: Measurement): Promise<void> {
    const kept = await this.read();
    kept.delete(machine);
    const entries = [...kept, [machine, measurement]].slice(-MOST);
    await writeWhole(this.file, `${JSON.stringify(Object.fromEntries(entries), null, 1)}\n`);
  }

  async forget(machine: string): Promise<void> {
    const kept = await this.read();
    if (kept.delete(machine))
      await writeWhole(this.file, `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`);
  }

  private async read(): Promise<Map<string, unknown>> {
    try {
      const value: unknown = JSON.parse(await readFile(this.file, 'utf8'));
      const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
      return new Map(isRecord ? Object.entries(value) : []);
    } catch {
      return new Map();
    }
  }
}

/** What a choice in the terminal remembers, and what it knows this machine by. */
export function rememberInFile({ anew = false, store = new MeasurementFile() } = {}): Remembering {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  const processor = cpus()[0]?.model ?? 'unknown processor';
  const node = `Node ${process.version} ${process.platform} ${process.arch}, ${processor}`;
  return { store, machine: [node, `${availableParallelism()} cores`, `lab ${version}`], anew };
}
