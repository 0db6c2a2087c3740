/** What the page asks of the training set as an attack leaves it. */
import type { ExperimentConfig } from '../core/config/schema.ts';
import { ZipWriter } from '../core/formats/zip-writer.ts';
import { unshared } from '../core/formats/bytes.ts';
import { poisonedFiles } from '../core/training/poisoned-export.ts';
import { contentsOf, type RowContents } from '../core/training/poisoned-rows.ts';
import type { RowFilter, StepPlace } from '../core/training/poisoned-set.ts';
import { type Provenance, provenanceOf } from '../core/training/provenance.ts';
import type { RowKind } from '../core/training/row-kinds.ts';
import type { PoisonedData } from '../engine/attacks/poisoned-set.ts';

/** A page of the rows that a filter lets through. */
export interface PoisonPageJob {
  kind: 'poison-page';
  config: ExperimentConfig;
  /** Of an attack that poisons each batch anew: which one, from 1. */
  step: number;
  filter: RowFilter;
  /** First row of the page among those of the filter, from 0, and how many are wanted. */
  from: number;
  count: number;
}

/** All rows of a filter as a zip. */
export interface PoisonExportJob {
  kind: 'poison-export';
  config: ExperimentConfig;
  step: number;
  filter: RowFilter;
}

export interface PoisonPageRow {
  kind: RowKind;
  provenance: Provenance;
  contents: RowContents;
}

export interface PoisonPage {
  classes: string[];
  counts: Readonly<Record<RowKind, number>>;
  /** Of the batch that is shown; null for a set that is poisoned once. */
  place: StepPlace | null;
  steps: number;
  /** Rows that the filter lets through. */
  matched: number;
  from: number;
  rows: PoisonPageRow[];
}

/** Gives the poisoned data of an experiment; the last one asked for is kept. */
export type PoisonedDataFor = (config: ExperimentConfig, step: number) => Promise<PoisonedData>;

/** Bytes that are handed to the browser at once: it may put them on the disk. */
const PART_BYTES = 2 ** 23;

/** @throws LabError as the data and the attack are refused */
export async function poisonPage(job: PoisonPageJob, dataFor: PoisonedDataFor): Promise<PoisonPage> {
  const { config, step, filter, from, count } = job;
  const { dataset, set } = await dataFor(config, step);
  const { classes } = dataset.info;
  const matching = set.matching(filter);
  const rows = matching.slice(from, from + count);
  const contents = await contentsOf(dataset, rows);
  return {
    classes,
    counts: set.counts,
    place: set.place,
    steps: set.steps,
    matched: matching.length,
    from,
    rows: rows.flatMap((row, at): PoisonPageRow[] => {
      const shown = contents[at];
      if (!shown) return [];
      return [{ kind: row.kind, provenance: provenanceOf(config, set, row, classes), contents: shown }];
    }),
  };
}

/** @throws LabError as {@link poisonPage}; E-CANCELLED */
export async function poisonExport(
  { config, step, filter }: PoisonExportJob,
  dataFor: PoisonedDataFor,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
): Promise<Blob> {
  const { dataset, set } = await dataFor(config, step);
  const rows = set.matching(filter);
  const writer = new ZipWriter();
  const parts: Blob[] = [];
  let pending: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const add = (part: Uint8Array): void => {
    pending.push(unshared(part));
    bytes += part.length;
    if (bytes < PART_BYTES) return;
    parts.push(new Blob(pending));
    pending = [];
    bytes = 0;
  };
  for await (const { path, bytes: contents } of poisonedFiles(config, dataset, set, {
    rows,
    signal,
    onProgress,
  })) {
    add(writer.file(path, contents));
  }
  add(writer.end());
  return new Blob([...parts, ...pending], { type: 'application/zip' });
}

/**
 * Keeps what was prepared last: a page is turned without preparing anew. Jobs of a worker come one after another, so what
 * is under way belongs to one of them.
 */
export function remembered<Tools>(
  prepare: (config: ExperimentConfig, step: number, tools: Tools) => Promise<PoisonedData>,
): (tools: Tools) => PoisonedDataFor {
  let last: { key: string; data: Promise<PoisonedData> } | null = null;
  return (tools) => (config, step) => {
    const key = JSON.stringify([config, step]);
    if (last?.key === key) return last.data;
    const data = prepare(config, step, tools);
    const held = { key, data };
    last = held;
    data.catch(() => {
      if (last === held) last = null;
    });
    return data;
  };
}
