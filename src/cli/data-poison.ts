/** `lab data poison`: the training set as an attack leaves it, as files. */
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../core/errors.ts';
import { grouped } from '../core/formats/bytes.ts';
import { ZipWriter } from '../core/formats/zip-writer.ts';
import { type ExportedFile, poisonedFiles } from '../core/training/poisoned-export.ts';
import type { PoisonedSet } from '../core/training/poisoned-set.ts';
import type { RowKind } from '../core/training/row-kinds.ts';
import { poisonedDataOf } from '../engine/attacks/poisoned-set.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend } from '../engine/backend/choose.ts';
import { stoppable } from './data.ts';
import { loadFromFolder, PREPARED_DATA } from './data-files.ts';
import { assertWritable, statIfThere, writeError } from './files.ts';
import { rememberInFile } from './measurement-file.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine } from './output.ts';
import { printWarning } from './print-error.ts';
import { readExperimentFile } from './show-config.ts';

export interface PoisonOptions {
  out: string;
  set: string[];
  step: number;
  only: RowKind[];
  data?: string | undefined;
}

/** Where files go, one after another. */
interface Target {
  add(file: ExportedFile): Promise<void>;
  end(): Promise<void>;
  discard(): Promise<void>;
}

/** @throws LabError whatever the experiment, its data or the place are refused with; E-CANCELLED */
export async function poisonData(file: string, options: PoisonOptions, terminal: Terminal): Promise<number> {
  const { config, warnings } = await readExperimentFile(file, options.set);
  for (const warning of warnings) printWarning(terminal.err, warning);
  const target = await targetOf(options.out);
  let last = '';
  const tell = (what: string, done: number, total: number): void => {
    const said = `${what} ${Math.floor((100 * done) / Math.max(1, total))} %`;
    if (terminal.outIsTerminal && said !== last) terminal.err.write(`\r${said} `);
    last = said;
  };
  const set = await stoppable(terminal, async (signal): Promise<PoisonedSet> => {
    const whole = await loadFromFolder(
      options.data ?? PREPARED_DATA,
      config.task.dataset,
      () => undefined,
      signal,
    );
    const { dataset, set: made } = await poisonedDataOf(config, whole, options.step, {
      signal,
      emit: (event) => {
        if (event.type === 'progress') tell('preparing', event.done, event.total);
      },
      prepareBackend: () => chooseBackend(config.backend, nodeAssets, rememberInFile()),
    });
    const rows = made.rows.filter(({ kind }) => options.only.length === 0 || options.only.includes(kind));
    try {
      const onProgress = (done: number, total: number): void => tell('writing', done, total);
      for await (const one of poisonedFiles(config, dataset, made, { rows, signal, onProgress }))
        await target.add(one);
      await target.end();
    } catch (thrown) {
      await target.discard();
      throw thrown;
    }
    return made;
  });
  if (last !== '' && terminal.outIsTerminal) terminal.err.write('\r\u001b[K');
  const { poisoned, cover, clean } = set.counts;
  if (set.place) {
    const { step, epoch, batch } = set.place;
    printLine(
      terminal.out,
      `This attack draws its poison anew for each batch; this is the batch of step ${grouped(step)} (epoch ${epoch}, batch ${batch}) of ${grouped(set.steps)}.`,
    );
  }
  printLine(
    terminal.out,
    `${options.out}: ${grouped(poisoned)} poisoned, ${grouped(cover)} covers, ${grouped(clean)} clean${options.only.length > 0 ? `; written: ${options.only.join(', ')}` : ''}.`,
  );
  return EXIT.ok;
}

async function targetOf(out: string): Promise<Target> {
  if (/\.zip$/i.test(out)) return zipTarget(out);
  const found = await statIfThere(out);
  const isFull = found?.isDirectory() === true && (await readdir(out)).length > 0;
  if (isFull || (found && !found.isDirectory())) {
    throw new LabError({
      code: 'E-STORAGE',
      what: `${out} is there already.`,
      why: 'Files of another export would be mixed with those of this one.',
      fix: 'Name a folder that is empty or not there yet, or a file that ends in .zip.',
      where: out,
    });
  }
  return folderTarget(out);
}

/** Files of a folder; their paths are the lab's own, relative and without `..`. */
function folderTarget(folder: string): Target {
  const made = new Set<string>();
  return {
    add: ({ path: inside, bytes }) =>
      guarded(folder, async () => {
        const file = path.join(folder, ...inside.split('/'));
        if (!made.has(path.dirname(file))) await mkdir(path.dirname(file), { recursive: true });
        made.add(path.dirname(file));
        const handle = await open(file, 'w');
        try {
          await handle.writeFile(bytes);
        } finally {
          await handle.close();
        }
      }),
    end: () => Promise.resolve(),
    // What is written stays, as of any copying that was stopped.
    discard: () => Promise.resolve(),
  };
}

async function zipTarget(file: string): Promise<Target> {
  await assertWritable(file);
  const partial = `${file}.${process.pid}.partial`;
  const handle = await guarded(file, () => open(partial, 'w'));
  const writer = new ZipWriter();
  return {
    add: (one) => guarded(file, () => handle.writeFile(writer.file(one.path, one.bytes))),
    end: () =>
      guarded(file, async () => {
        await handle.writeFile(writer.end());
        await handle.close();
        await rename(partial, file);
      }),
    discard: async () => {
      await handle.close().catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}

async function guarded<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw writeError(file, cause);
  }
}
