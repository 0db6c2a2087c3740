/** The README's lines for PyTorch, run there on an exported model; skipped where Python has no torch. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../core/datasets/load.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { weightsFromSafetensors, weightsToSafetensors } from '../../core/formats/model-safetensors.ts';
import { asTheyAre } from '../../core/training/examples.ts';
import { gatherImages, heldImages } from '../../core/training/images.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { Network } from '../models/network.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('load_in_pytorch.py', import.meta.url));
const COUNT = 32;

/** Debian's package serves Debian's own Python, which another one may stand before. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
);

const reads = async (file: string) => new Uint8Array(await readFile(path.join(ROOT, file)));

/** The block of Python that the README shows. */
async function readmeSnippet(): Promise<string> {
  const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
  const [, indent = '', lines = ''] = /^( *)```python\n([^]*?)^ *```$/m.exec(readme) ?? [];
  return lines.replace(new RegExp(`^${indent}`, 'gm'), '');
}

/** The first images of MNIST's test set, and what the engine makes of them. */
async function ourLogits(weights: ModelWeights): Promise<{ pixels: Uint8Array; logits: number[][] }> {
  const { info, test } = await loadDataset('mnist', { read: (name) => reads(`public/data/${name}`) });
  const { height, width, channels } = info.shape;
  const { images } = gatherImages(
    info,
    heldImages(info, test.images),
    asTheyAre(
      test,
      Uint32Array.from({ length: COUNT }, (_, index) => index),
    ),
  );
  const network = new Network(weights);
  const logits = tf.tidy(() => network.forward(tf.tensor4d(images, [COUNT, height, width, channels])));
  const values = await logits.array();
  logits.dispose();
  network.dispose();
  return { pixels: test.images.subarray(0, COUNT * height * width), logits: values };
}

async function theirLogits(model: Uint8Array, pixels: Uint8Array): Promise<number[][]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lab-pytorch-'));
  try {
    await writeFile(path.join(folder, 'model.safetensors'), model);
    await writeFile(path.join(folder, 'pixels'), pixels);
    await writeFile(path.join(folder, 'snippet.py'), await readmeSnippet());
    const args = [PROGRAM, 'snippet.py', 'pixels', String(COUNT)];
    return JSON.parse(execFileSync(python ?? '', args, { cwd: folder, encoding: 'utf8' })) as number[][];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

beforeAll(() => startBackend('wasm', nodeAssets));

it('finds the lines for PyTorch in the README', async () => {
  expect(await readmeSnippet()).toMatch(/^from safetensors\.torch import load_file\n[^]*load_state_dict/);
});

describe('SimpleNet as safetensors', () => {
  const unlessMissing = it.skipIf(python === undefined);
  const why = python === undefined ? ' (needs Python with torch: apt-get install python3-torch)' : '';
  unlessMissing.each(['F32', 'F16'] as const)(
    `gives the same logits in PyTorch, stored as %s${why}`,
    async (dtype) => {
      const shipped = weightsFromSafetensors(await reads('public/models/simplenet-mnist.safetensors'));
      const file = weightsToSafetensors(shipped, { note: 'metadata is no tensor' }, dtype);
      const { pixels, logits } = await ourLogits(weightsFromSafetensors(file));
      const theirs = await theirLogits(file, pixels);
      expect(theirs).toHaveLength(COUNT);
      const differences = logits.flatMap((row, image) =>
        row.map((value, label) => Math.abs(value - (theirs[image]?.[label] ?? NaN))),
      );
      expect(differences).toHaveLength(10 * COUNT);
      expect(Math.max(...differences)).toBeLessThan(1e-4);
      expect(Math.max(...logits.flat())).toBeGreaterThan(5);
    },
  );
});
