/** Texts in a table: CSV with a head or without, or JSON lines, with a column of texts and one of labels. */
import { LabError } from '../../errors.ts';
import { grouped } from '../../formats/bytes.ts';
import { isTableOfTexts, labelledRows, noTable } from './labelled-rows.ts';
import type { Loader, LoadRequest, SourceFile } from './loader.ts';
import { TextCollector } from './text-set.ts';

/** Rows without text or label are left out, unless they are more than this part of all: then it is another table. */
const MOST_FAULTY = 0.01;

export const textTableLoader: Loader = {
  id: 'text-table',
  title: 'Texts in a table',
  description:
    'CSV or JSON lines: a column of texts and one of labels. A file named test… is the test split.',

  accepts: async (files) => {
    const found = await Promise.all(files.map((file) => looksLikeTexts(file)));
    return files.length > 0 && found.every(Boolean);
  },

  async read(files, request) {
    const collector = new TextCollector();
    const total = files.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    for (const file of files) {
      const onBytes = (done: number): void => request.onProgress(before + done, total, 'bytes');
      await readTable(file, collector, request, onBytes);
      before += file.size;
    }
    const { id, title, seed } = request;
    return collector.dataset({ id, title, seed, source: files.map(({ name }) => name).join(', ') });
  },
};

async function readTable(
  file: SourceFile,
  collector: TextCollector,
  { signal, onWarning, columns }: LoadRequest,
  onBytes: (done: number) => void,
): Promise<void> {
  const split = /(^|[/_.-])test/i.test(file.name) ? 'test' : 'train';
  let count = 0;
  let faulty = 0;
  let first: LabError | null = null;
  for await (const { number, text, label } of labelledRows(file, { signal, onBytes, columns })) {
    count++;
    if (typeof text === 'string' && text.trim() !== '' && label !== '') {
      collector.add(split, `${file.name}/${String(number).padStart(9, '0')}`, text, label);
      continue;
    }
    faulty++;
    const lacks = typeof text === 'string' && text.trim() !== '' ? 'label' : 'text';
    first ??= noTable(file, `Row ${grouped(number)} has no ${lacks}.`);
  }
  if (first === null) return;
  if (faulty > count * MOST_FAULTY) throw first;
  onWarning?.(
    new LabError({
      code: 'E-DATASET',
      what: `${grouped(faulty)} of ${grouped(count)} rows of ${file.name} were left out.`,
      why: first.why,
      fix: 'Complete them, or go on without them.',
      where: file.name,
    }),
  );
}

/** By the first rows of a file: no more of it is read. */
async function looksLikeTexts(file: SourceFile): Promise<boolean> {
  if (!isTableOfTexts(file)) return false;
  try {
    for await (const { text } of labelledRows(file)) return typeof text === 'string';
    return false;
  } catch (thrown) {
    if (thrown instanceof LabError) return false;
    throw thrown;
  }
}
