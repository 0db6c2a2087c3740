import { describe, expect, it } from 'vitest';
import { experimentSchema, type ExperimentInput } from '../config/schema.ts';
import { configFromYaml } from '../config/yaml.ts';
import type { Dataset, ImageDataset, TextDataset } from '../datasets/dataset.ts';
import { imageFolderLoader } from '../datasets/loaders/image-folder.ts';
import { loadRequest } from '../datasets/loaders/pictures.test-support.ts';
import { memoryFile } from '../datasets/loaders/source-files.ts';
import { concatBytes } from '../formats/bytes.ts';
import { pictureDecoder } from '../formats/decode-picture.ts';
import { jpegWasm } from '../formats/jpeg-wasm.node.ts';
import { ZipWriter } from '../formats/zip-writer.ts';
import { backdoorsOf } from './backdoor.ts';
import { heldImages } from './images.ts';
import { poisonedFiles } from './poisoned-export.ts';
import { contentsOf } from './poisoned-rows.ts';
import { poisonedSet } from './poisoned-set.ts';
import { provenanceOf } from './provenance.ts';
import { poisonedOnce, TaskSource } from './tasks.ts';

const COUNT = 60;
const SHAPE = { height: 6, width: 5, channels: 1 } as const;
const CLASSES = ['zero', 'one', 'two'];

function split(count: number) {
  return {
    count,
    images: Uint8Array.from({ length: count * 30 }, (_, at) => (at * 31) % 200),
    labels: Uint16Array.from({ length: count }, (_, index) => index % 3),
  };
}

const dataset: ImageDataset = {
  info: {
    kind: 'images',
    id: 'made',
    title: 'Made',
    classes: CLASSES,
    source: 'here',
    licence: 'none',
    shape: SHAPE,
    mean: [0.4],
    deviation: [0.2],
  },
  train: split(COUNT),
  test: split(9),
};

function experiment(attack: ExperimentInput['attack']) {
  return experimentSchema.parse({
    seed: 7,
    training: { batch_size: 10, epochs: 3 },
    attack: {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'random', per: 'example' } },
      label: { kind: 'one_target', target: 2 },
      ...attack,
    },
  });
}

function made(attack: ExperimentInput['attack'], step?: number, of: Dataset = dataset) {
  const config = experiment(attack);
  const backdoors = backdoorsOf(config, of);
  const poisoned = poisonedOnce(config, of, backdoors);
  return { config, backdoors, set: poisonedSet(config, of, backdoors, poisoned, step) };
}

describe('a training set that is poisoned once', () => {
  const attack = { injection: { kind: 'data', fraction: 0.2, cover: 0.1 } } as const;

  it('says of every row what was done to it, and its pixels are those that training sees', async () => {
    const { config, backdoors, set } = made(attack);
    expect(set.counts).toEqual({ poisoned: 12, cover: 6, clean: 42 });
    expect(set.place).toBeNull();
    const contents = await contentsOf(dataset, set.rows);
    const imageOf = heldImages(dataset.info, dataset.train.images);
    // One batch of everything, in the order of training.
    const whole = { ...config, training: { ...config.training, batch_size: COUNT } };
    const source = new TaskSource(whole, dataset, backdoors);
    const [task] = (await source.step(1, 0, false)).tasks;
    const plans = source.plan(1, 0, false)[0]?.examples ?? [];
    expect(plans).toHaveLength(COUNT);
    for (const [at, { index }] of plans.entries()) {
      const shown = contents[index];
      if (!shown || 'text' in shown) throw new Error('no image');
      const row = set.rows[index];
      expect(row?.position).toBe(index);
      expect(row?.plan.label).toBe(task?.batch.labels[at]);
      expect(shown.original).toEqual(imageOf(index));
      const seen = task?.batch.images.subarray(at * 30, (at + 1) * 30) ?? [];
      expect(Array.from(seen, (value) => Math.round((value * 0.2 + 0.4) * 255))).toEqual([...shown.shown]);
      const changed = shown.shown.filter((value, pixel) => value !== shown.original[pixel]).length;
      expect(changed).toBe(row?.kind === 'clean' ? 0 : 1);
    }
  });

  it('tells where each trigger lies and which stream it was drawn from', async () => {
    const { config, set } = made(attack);
    for (const row of set.matching({ kind: 'poisoned' })) {
      const provenance = provenanceOf(config, set, row, CLASSES);
      expect(provenance).toMatchObject({
        label: 'two',
        source_class: CLASSES[row.position % 3],
        backdoor: 1,
        trigger: 'single_pixel',
        height: 1,
        width: 1,
        seed: 7,
        stream: 'poison',
      });
      const [shown] = await contentsOf(dataset, [row]);
      if (!shown || 'text' in shown) throw new Error('no image');
      const at = (provenance.row ?? 0) * SHAPE.width + (provenance.column ?? 0);
      expect(shown.shown[at]).not.toBe(shown.original[at]);
    }
    const [cover] = set.matching({ kind: 'cover' });
    if (!cover) throw new Error('no cover');
    const { label, source_class } = provenanceOf(config, set, cover, CLASSES);
    expect(label).toBe(source_class);
  });

  it('is filtered by kind, by either class and by index', () => {
    const { set } = made(attack);
    expect(set.matching({ kind: 'poisoned', source: 2 })).toEqual([]);
    expect(set.matching({ label: 2 }).length).toBe(20 + 12);
    expect(set.matching({ source: 1 }).every(({ position }) => position % 3 === 1)).toBe(true);
    expect(set.matching({ index: 17 }).map(({ position }) => position)).toEqual([17]);
    expect(set.matching({ index: COUNT })).toEqual([]);
    expect(set.matching({})).toHaveLength(COUNT);
  });

  it('tells several backdoors apart, and leaves out what a semantic one holds out', () => {
    const { config, set } = made({
      ...attack,
      others: [
        {
          synthesizer: { kind: 'semantic', train: [3, 4], test: [5], noise: 0 },
          label: { kind: 'one_target', target: 1 },
        },
      ],
    });
    expect(set.rows.map(({ position }) => position)).not.toContain(5);
    const second = set.rows.filter(({ plan }) => plan.origin?.backdoor === 2);
    expect(second.length).toBeGreaterThan(0);
    for (const row of second) {
      expect([3, 4]).toContain(row.plan.index);
      expect(provenanceOf(config, set, row, CLASSES)).toMatchObject({
        trigger: 'semantic',
        stream: 'poison/2',
      });
    }
  });

  it('is a clean one when the attack is off', () => {
    const { set } = made({ ...attack, enabled: false });
    expect(set.counts).toEqual({ poisoned: 0, cover: 0, clean: COUNT });
  });
});

describe('a batch of an attack that poisons each anew', () => {
  it('is that of the step, with the loss that each row counts for', () => {
    const { set, config } = made({ injection: { kind: 'loss', proportion: 0.5, cover: 0.2 } }, 8);
    expect(set.place).toEqual({ step: 8, epoch: 2, batch: 1 });
    expect(set.steps).toBe(18);
    expect(set.rows.map(({ objective }) => objective)).toEqual([
      ...Array<string>(10).fill('backdoor'),
      ...Array<string>(10).fill('normal'),
    ]);
    expect(set.counts).toEqual({ poisoned: 5, cover: 2, clean: 13 });
    const [first] = set.matching({ kind: 'poisoned' });
    if (!first) throw new Error('nothing is poisoned');
    expect(provenanceOf(config, set, first, CLASSES).stream).toBe('trigger/2/1');
    expect(made({ injection: { kind: 'batch', fraction: 0.3 } }, 999).set.place).toEqual({
      step: 18,
      epoch: 3,
      batch: 5,
    });
  });
});

describe('a poisoned training set as files', () => {
  it('is a folder of pictures that is read back with the labels and pixels that training sees', async () => {
    const { config, set } = made({ injection: { kind: 'data', fraction: 0.2 } });
    const writer = new ZipWriter();
    const files = new Map<string, Uint8Array>();
    for await (const { path, bytes } of poisonedFiles(config, dataset, set)) files.set(path, bytes);
    const parts = [...files].map(([path, bytes]) => writer.file(path, bytes));
    const zip = memoryFile('poisoned.zip', concatBytes([...parts, writer.end()]));
    const request = loadRequest({ image: { size: 5, channels: 1 } });
    const back = await imageFolderLoader(pictureDecoder(jpegWasm)).read([zip], request);
    expect(back.info.classes).toEqual(['one', 'two', 'zero']);
    const counts = CLASSES.map(
      (name) =>
        [back.train, back.test]
          .flatMap(({ labels }) => [...labels])
          .filter((label) => back.info.classes[label] === name).length,
    );
    expect(counts).toEqual(CLASSES.map((_, label) => set.matching({ label }).length));
    const table = new TextDecoder().decode(files.get('provenance.csv')).trimEnd().split('\n');
    expect(table).toHaveLength(1 + COUNT);
    expect(table[0]).toMatch(/^file,position,objective,kind,example,source_class,label,/);
    for (const line of table.slice(1)) expect(files.has(line.split(',')[0] ?? '')).toBe(true);
    expect(table.filter((line) => line.includes(',poisoned,'))).toHaveLength(12);
    const yaml = new TextDecoder().decode(files.get('experiment.yaml'));
    expect(configFromYaml(yaml).config).toEqual(config);
  });

  it('gives a class whose name is no folder its number', async () => {
    const named = { ...dataset, info: { ...dataset.info, classes: ['../x', 'a/b', 'One'] } };
    const { config, set } = made({ injection: { kind: 'data', fraction: 0.2 } }, 1, named);
    const paths: string[] = [];
    for await (const { path } of poisonedFiles(config, named, set)) paths.push(path);
    const folders = new Set(paths.filter((path) => path.endsWith('.png')).map((path) => path.split('/')[1]));
    expect([...folders].sort()).toEqual(['0', '1', 'One']);
  });

  it('of texts is lines with the words of the trigger in them', async () => {
    const texts: TextDataset = {
      info: {
        kind: 'text',
        id: 'texts',
        title: 'Texts',
        classes: ['bad', 'good'],
        source: '',
        licence: '',
        length: 6,
        vocabulary: 20,
      },
      words: ['a', 'fine', 'film'],
      train: {
        count: 10,
        labels: Uint16Array.from({ length: 10 }, (_, at) => at % 2),
        tokens: Uint32Array.from({ length: 30 }, (_, at) => at % 3),
        offsets: Uint32Array.from({ length: 11 }, (_, at) => 3 * at),
      },
      test: { count: 0, labels: new Uint16Array(0), tokens: new Uint32Array(0), offsets: Uint32Array.of(0) },
    };
    const attack = {
      synthesizer: { kind: 'words', text: 'quince' },
      label: { kind: 'one_target', target: 1 },
      injection: { kind: 'data', fraction: 0.3 },
    } as const;
    const { config, set } = made(attack, 1, texts);
    const files = new Map<string, string>();
    for await (const { path, bytes } of poisonedFiles(config, texts, set))
      files.set(path, new TextDecoder().decode(bytes));
    const lines = (files.get('train.jsonl') ?? '').trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as { text: string; label: string; kind: string });
    expect(rows).toHaveLength(10);
    for (const { text, label, kind } of rows) {
      expect(text.split(' ').includes('quince')).toBe(kind === 'poisoned');
      if (kind === 'poisoned') expect(label).toBe('good');
    }
    expect(files.get('provenance.csv')).toContain('words=quince; place=0.');
  });

  it('stops when it is asked to', async () => {
    const { config, set } = made({ injection: { kind: 'data', fraction: 0.2 } });
    const stop = new AbortController();
    stop.abort();
    const all = async () => {
      for await (const file of poisonedFiles(config, dataset, set, { signal: stop.signal })) void file;
    };
    await expect(all()).rejects.toThrow('E-CANCELLED');
  });
});
