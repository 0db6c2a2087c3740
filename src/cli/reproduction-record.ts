/** What `lab reproduce` keeps, so that a command that was stopped goes on where it was. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ExperimentInput } from '../core/config/schema.ts';
import { LabError } from '../core/errors.ts';
import { statIfThere, writeWhole } from './files.ts';

const rate = z.object({ value: z.number().nullable(), n: z.number() });

const training = z.object({
  key: z.string(),
  name: z.string(),
  seed: z.number(),
  /** As `task.dataset` has it, and what stood for it here. */
  dataset: z.string(),
  /** Day on which it ran, in UTC. */
  date: z.string(),
  backend: z.string(),
  clean: z.object({ value: z.number(), n: z.number() }),
  /** Of the first backdoor, then of the further ones. */
  attackSuccess: z.array(rate),
  robust: z.array(rate),
  /** Of all threads together: what it takes on one core, whatever else the machine does meanwhile. */
  cpuSeconds: z.number(),
});

const file = z.object({ version: z.literal(1), trainings: z.array(training) });

/** The figures of one training, with or without an attack. */
export type Training = z.infer<typeof training>;

/**
 * One for each experiment as it is written, with its seed and the data set that serves it; a change makes it another, but
 * for its name.
 */
export function trainingKey(experiment: ExperimentInput, dataset: string): string {
  const text = JSON.stringify([{ ...experiment, name: undefined }, dataset]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Trainings by key; without a file they are kept in memory alone. */
export class ReproductionRecord {
  private constructor(
    private readonly path: string | null,
    private readonly byKey: Map<string, Training>,
  ) {}

  /**
   * @param path a file of before, or where there is none yet; null keeps nothing
   * @throws LabError E-CONFIG-VALUE for a file of something else
   */
  static async open(path: string | null): Promise<ReproductionRecord> {
    if (path === null || (await statIfThere(path))?.isFile() !== true) {
      return new ReproductionRecord(path, new Map());
    }
    const read = file.safeParse(parsed(await readFile(path, 'utf8')));
    if (!read.success) {
      throw new LabError({
        code: 'E-CONFIG-VALUE',
        what: `${path} holds no figures of lab reproduce.`,
        why: 'It would be overwritten.',
        fix: 'Choose another file for --json, or move this one away.',
        where: path,
      });
    }
    return new ReproductionRecord(path, new Map(read.data.trainings.map((one) => [one.key, one])));
  }

  find(key: string): Training | undefined {
    return this.byKey.get(key);
  }

  /** @throws LabError E-STORAGE, E-QUOTA */
  async keep(one: Training): Promise<void> {
    this.byKey.set(one.key, one);
    if (this.path === null) return;
    const contents: z.infer<typeof file> = { version: 1, trainings: [...this.byKey.values()] };
    await writeWhole(this.path, `${JSON.stringify(contents, null, 1)}\n`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
