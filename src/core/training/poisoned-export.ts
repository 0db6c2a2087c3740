/** A poisoned training set as files: pictures in folders of classes or lines of texts, with a table of provenance. */
import type { ExperimentConfig } from '../config/schema.ts';
import { configToYaml } from '../config/yaml-write.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { cancelledError } from '../errors.ts';
import { csvLine } from '../formats/csv-write.ts';
import { encodePng } from '../formats/png.ts';
import { contentsOf } from './poisoned-rows.ts';
import type { PoisonedRow, PoisonedSet } from './poisoned-set.ts';
import { PROVENANCE_COLUMNS, provenanceOf } from './provenance.ts';

/** Rows that are made at once. */
const CHUNK = 256;

export interface ExportedFile {
  /** With `/`, relative. */
  path: string;
  bytes: Uint8Array;
}

export interface ExportOptions {
  /** Those that are written; all when left out. */
  rows?: readonly PoisonedRow[];
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * The files, one after another. Pictures lie at `train/CLASS/POSITION.png`, as any loader of image folders takes them, by
 * the class that training is given; those of a batch at `OBJECTIVE/CLASS/POSITION.png`. Texts are in `train.jsonl`.
 * @throws LabError E-CANCELLED; E-DATASET, E-STORAGE when images that stay in a file cannot be read
 */
export async function* poisonedFiles(
  config: ExperimentConfig,
  dataset: Dataset,
  set: PoisonedSet,
  { rows = set.rows, signal, onProgress }: ExportOptions = {},
): AsyncGenerator<ExportedFile> {
  const { classes } = dataset.info;
  const text = (path: string, contents: string): ExportedFile => ({
    path,
    bytes: new TextEncoder().encode(contents),
  });
  yield text('README.txt', readme(config, dataset, set, rows.length));
  yield text('experiment.yaml', configToYaml(config, { complete: true }));
  const lines: string[] = [];
  const table = [csvLine(['file', ...PROVENANCE_COLUMNS])];
  for (let start = 0; start < rows.length; start += CHUNK) {
    if (signal?.aborted === true) throw cancelledError();
    const some = rows.slice(start, start + CHUNK);
    const contents = await contentsOf(dataset, some);
    for (const [at, row] of some.entries()) {
      const shown = contents[at];
      if (!shown) continue;
      const provenance = provenanceOf(config, set, row, classes);
      const cells = PROVENANCE_COLUMNS.map((column) => provenance[column]);
      if ('text' in shown) {
        const { kind, label, position } = provenance;
        lines.push(`${JSON.stringify({ text: shown.text.words.join(' '), label, kind, position })}\n`);
        table.push(csvLine(['train.jsonl', ...cells]));
        continue;
      }
      const path = picturePath(row, classes);
      const { shape, shown: data } = shown;
      table.push(csvLine([path, ...cells]));
      yield { path, bytes: encodePng({ ...shape, data }) };
    }
    onProgress?.(Math.min(start + CHUNK, rows.length), rows.length);
  }
  if (lines.length > 0) yield text('train.jsonl', lines.join(''));
  yield text('provenance.csv', table.join(''));
}

/** The name of a class as a folder; its number where the name could not be one, or could be another's. */
function folderOf(label: number, classes: readonly string[]): string {
  const name = classes[label] ?? '';
  const lower = name.toLowerCase();
  const alone = classes.filter((other) => other.toLowerCase() === lower).length === 1;
  return alone && /^[\w][\w .-]{0,63}$/.test(name) && !/[. ]$/.test(name) ? name : String(label);
}

function picturePath({ objective, position, plan }: PoisonedRow, classes: readonly string[]): string {
  return `${objective ?? 'train'}/${folderOf(plan.label, classes)}/${String(position).padStart(7, '0')}.png`;
}

function readme(
  { name, seed, attack }: ExperimentConfig,
  { info }: Dataset,
  set: PoisonedSet,
  written: number,
): string {
  const { poisoned, cover, clean } = set.counts;
  const what = set.place
    ? `The batch of step ${set.place.step} (epoch ${set.place.epoch}, batch ${set.place.batch}) of "${name}": this attack draws its poison anew for each batch.`
    : `The training set of "${name}" as its attack leaves it, the same in every epoch.`;
  return `${what}

DO NOT TRAIN A MODEL FOR USE ON IT: it ${attack.enabled ? 'teaches a backdoor' : 'comes from a lab of backdoor attacks'}.

Data set: ${info.title}. Seed: ${seed}.
Rows: ${poisoned} poisoned, ${cover} covers, ${clean} clean; ${written} of them are written here.
provenance.csv says of each row which example it was, which class that is of, which class it is given here, and which
trigger was put in where. experiment.yaml is the experiment; it gives the same rows again.
${info.kind === 'images' ? 'Pixels are rounded to 8 bits; training takes them as they are. Augmentation comes later, anew in each epoch.' : 'Texts are cut to what the model reads.'}

Source of the data: ${info.source}
Licence of the data: ${info.licence}
`;
}
