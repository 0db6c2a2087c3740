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
  /** Of a trigger that is made from the input. */
  crossTrigger: z.object({ value: z.number(), n: z.number() }).optional(),
  /** Of all threads together: what it takes on one core, whatever else the machine does meanwhile. */
  cpuSeconds: z.number(),
  /** Of private training, at its end. */
  epsilon: z.number().optional(),
});

const verdict = z.enum(['backdoored', 'clean', 'undecided', 'repaired']);

/** What one defense said of one model. */
const cell = z.object({
  key: z.string(),
  /** Name of the experiment. */
  attack: z.string(),
  /** As a command line names it: `strip`, `strip@backdoorbench`. */
  defense: z.string(),
  seed: z.number(),
  date: z.string(),
  backend: z.string(),
  verdict: verdict.nullable(),
  score: z.number().nullable(),
  /** How many labels, inputs, examples or units it flags; the labels by name. */
  flagged: z.number(),
  labels: z.array(z.number()),
  metrics: z.record(z.string(), z.number().nullable()),
  /** Of the method alone, by the clock. */
  seconds: z.number(),
  /** What it says of the shipped clean model; null where that was not asked. */
  control: z.object({ verdict, score: z.number().nullable() }).nullable(),
  /** Why it cannot work here; null where it did. */
  error: z.object({ code: z.string(), what: z.string() }).nullable(),
});

const file = z.object({
  version: z.literal(1),
  trainings: z.array(training),
  cells: z.array(cell).default([]),
});

export type DefenseCell = z.infer<typeof cell>;

/** One for each model, defense with its parameters, and whether the clean control was asked too. */
export function cellKey(training: string, defense: object, control: boolean): string {
  return hashed([training, defense, control]);
}

/** The figures of one training, with or without an attack. */
export type Training = z.infer<typeof training>;

/**
 * One for each experiment as it is written, with its seed and the data set that serves it; a change makes it another, but
 * for its name.
 */
export function trainingKey(experiment: ExperimentInput, dataset: string): string {
  return hashed([{ ...experiment, name: undefined }, dataset]);
}

function hashed(what: unknown): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
}

/** Trainings and cells by key; without a file they are kept in memory alone. */
export class ReproductionRecord {
  private constructor(
    private readonly path: string | null,
    private readonly byKey: Map<string, Training>,
    private readonly cells: Map<string, DefenseCell>,
  ) {}

  /**
   * @param path a file of before, or where there is none yet; null keeps nothing
   * @throws LabError E-CONFIG-VALUE for a file of something else
   */
  static async open(path: string | null): Promise<ReproductionRecord> {
    if (path === null || (await statIfThere(path))?.isFile() !== true) {
      return new ReproductionRecord(path, new Map(), new Map());
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
    const byKey = <T extends { key: string }>(all: T[]) => new Map(all.map((one) => [one.key, one]));
    return new ReproductionRecord(path, byKey(read.data.trainings), byKey(read.data.cells));
  }

  find(key: string): Training | undefined {
    return this.byKey.get(key);
  }

  findCell(key: string): DefenseCell | undefined {
    return this.cells.get(key);
  }

  /** @throws LabError E-STORAGE, E-QUOTA */
  async keep(one: Training): Promise<void> {
    this.byKey.set(one.key, one);
    await this.write();
  }

  /** @throws LabError E-STORAGE, E-QUOTA */
  async keepCell(one: DefenseCell): Promise<void> {
    this.cells.set(one.key, one);
    await this.write();
  }

  private async write(): Promise<void> {
    if (this.path === null) return;
    const trainings = [...this.byKey.values()];
    const cells = [...this.cells.values()];
    const contents = { version: 1, trainings, ...(cells.length > 0 && { cells }) };
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
