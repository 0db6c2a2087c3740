import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RemoteFile } from '../core/datasets/remote.ts';
import { encodePng } from '../core/formats/png.ts';
import { fetchData } from './data.ts';
import { loadFromFolder } from './data-files.ts';
import { keptOnDisk } from './kept-datasets.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab, TestTerminal } from './terminal.test-support.ts';

const at = temporaryFolder('data');
beforeEach(() => {
  process.env.BACKDOOR_LAB_CACHE = at('cache');
});

const png = (value: number): Uint8Array =>
  encodePng({ width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(value) });

async function pictures(folder: string): Promise<void> {
  for (const [index, name] of ['train/cat', 'train/dog', 'val/cat', 'val/dog'].entries()) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let n = 0; n < 3; n++) await writeFile(path.join(folder, name, `${n}.png`), png(10 * index + n));
  }
}

function idx(dims: number[], values: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * dims.length);
  header[2] = 8;
  header[3] = dims.length;
  dims.forEach((side, index) => header.writeUInt32BE(side, 4 + 4 * index));
  return gzipSync(Buffer.concat([header, Buffer.from(values)]));
}

describe('lab data', () => {
  it('adds a folder of pictures, lists it, and a run finds it', async () => {
    await pictures(at('pets'));
    const added = await lab('data', 'add', at('pets'), '--name', 'My pets', '--size', '2', '--grey');
    expect(added.err).toBe('');
    expect(added.out).toMatch(/custom-my-pets: 6 to train, 6 to test, 2 classes/);
    const listed = await lab('data', 'list');
    expect(listed.out).toMatch(/custom-my-pets +My pets: images, 6 to train, 6 to test, 2 classes/);
    expect(listed.out).toMatch(/cifar10 +CIFAR-10, not here: lab data fetch cifar10/);
    const { info, train } = await loadFromFolder(
      at('nothing'),
      'custom-my-pets',
      () => undefined,
      new AbortController().signal,
    );
    expect(info).toMatchObject({ shape: { height: 2, width: 2, channels: 1 } });
    expect(train.count).toBe(6);
    // The same again by the same seed, and nothing half-written beside it.
    await lab('data', 'add', at('pets'), '--name', 'My pets', '--size', '2', '--grey');
    expect((await keptOnDisk('custom-my-pets'))?.train.labels).toEqual(train.labels);
    expect(await readdir(at('cache/datasets'))).toEqual(['custom-my-pets.dataset']);
  });

  it('adds texts by the columns that are named, and a run finds them', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, at) => `${at},note ${at} of the day,${at % 2 ? 'new' : 'old'}`,
    );
    await writeFile(at('notes.csv'), ['number,note,age', ...rows].join('\n'));
    const wrong = await lab('data', 'add', at('notes.csv'), '--name', 'notes', '--text-column', 'notes');
    expect(wrong.exitCode).toBe(1);
    expect(wrong.err).toMatch(/E-DATASET.*\n.*columns are number, note, age; none is called notes/);
    const columns = ['--text-column', 'note', '--label-column', 'age'];
    const added = await lab('data', 'add', at('notes.csv'), '--name', 'notes', ...columns);
    expect(added.err).toBe('');
    expect(added.out).toMatch(/custom-notes: 36 to train, 4 to test, 2 classes/);
    const { signal } = new AbortController();
    const { info } = await loadFromFolder(at('nothing'), 'custom-notes', () => undefined, signal);
    expect(info).toMatchObject({ kind: 'text', classes: ['new', 'old'] });
    expect((await lab('data', 'list')).out).toMatch(/custom-notes +notes: text, 36 to train/);
    await expect(loadFromFolder(at('nothing'), 'imdb', () => undefined, signal)).rejects.toThrow(
      /IMDB reviews is not here yet.*lab data fetch imdb/s,
    );
  });

  it('says what was left out, and refuses what it cannot read', async () => {
    await pictures(at('more'));
    await writeFile(at('more/train/cat/bad.jpg'), 'nothing');
    const added = await lab('data', 'add', at('more'), '--name', 'more');
    expect(added.exitCode).toBe(0);
    expect(added.err).toMatch(/warning E-DATASET: 1 of 13 pictures were left out/);
    for (const [args, message] of [
      [[at('missing'), '--name', 'x'], /E-DATASET: .*missing cannot be read/],
      [[at('more/train/cat/bad.jpg'), '--name', 'x'], /E-DATASET/],
      [[at('more'), '--name', 'x', '--loader', 'nonsense'], /no loader "nonsense".*\n.*idx, cifar10/],
      [[at('more'), '--name', 'x', '--loader', 'cifar10'], /test_batch|data_batch/],
    ] as const) {
      const refused = await lab('data', 'add', ...args);
      expect(refused.exitCode).toBe(1);
      expect(refused.err).toMatch(message);
    }
    expect((await lab('data', 'add', at('more'), '--name', 'x', '--size', '0')).exitCode).toBe(2);
    expect((await lab('data', 'fetch', 'nonsense')).err).toMatch(/knows no address of "nonsense"/);
    await expect(
      loadFromFolder(at('none'), 'custom-gone', () => undefined, new AbortController().signal),
    ).rejects.toThrow(/lab data add FILE --name gone/);
  });

  it('fetches, checks, reads and keeps a data set', async () => {
    const count = 20;
    const images = idx(
      [count, 2, 2],
      Array.from({ length: 4 * count }, (_, index) => index),
    );
    const labels = idx(
      [count],
      Array.from({ length: count }, (_, index) => index % 2),
    );
    const served: Record<string, Buffer> = {
      '/train-images-idx3-ubyte.gz': images,
      '/train-labels-idx1-ubyte.gz': labels,
      '/t10k-images-idx3-ubyte.gz': images,
      '/t10k-labels-idx1-ubyte.gz': labels,
    };
    const server = createServer((request, response) => {
      response.end(served[request.url ?? '']);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const files = Object.entries(served).map(([name, bytes]): RemoteFile => ({
        name: name.slice(1),
        addresses: [base + name],
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      }));
      const remote = {
        id: 'tiny',
        title: 'Tiny',
        loader: 'idx',
        files,
        folders: [],
        home: 'http://x',
        licence: 'MIT',
        classes: ['shirt', 'shoe'],
      };
      const terminal = new TestTerminal();
      expect(await fetchData('tiny', terminal, [remote])).toBe(0);
      expect(terminal.outText).toMatch(/tiny: 20 to train, 20 to test, 2 classes/);
      const { info, test } = await loadFromFolder(
        at('none'),
        'tiny',
        () => undefined,
        new AbortController().signal,
      );
      expect(info).toMatchObject({
        id: 'tiny',
        classes: ['shirt', 'shoe'],
        licence: 'MIT',
        source: 'http://x',
      });
      expect(test.count).toBe(20);
    } finally {
      server.close();
    }
  });
});
