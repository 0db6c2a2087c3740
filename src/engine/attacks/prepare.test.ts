import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { experimentSchema } from '../../core/config/schema.ts';
import type { ExperimentEvent } from '../../core/experiment/events.ts';
import { backdoorsOf } from '../../core/training/backdoor.ts';
import { heldImages, stampedPixels } from '../../core/training/images.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { tinyDataset } from '../training/run.test-support.ts';
import { preparePoison } from './prepare.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

function clean(injection: object) {
  return experimentSchema.parse({
    task: { model: 'resnet8' },
    training: { batch_size: 8, max_batches: 2 },
    attack: {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 1, column: 1 } },
      label: { kind: 'one_target', target: 1 },
      injection: { kind: 'clean_label', fraction: 0.5, steps: 3, ...injection },
    },
  });
}

async function prepared(injection: object, signal = new AbortController().signal) {
  const config = clean(injection);
  const events: ExperimentEvent[] = [];
  const backdoors = backdoorsOf(config, tinyDataset);
  const context = { signal, emit: (event: ExperimentEvent) => void events.push(event) };
  return { poisoned: await preparePoison(config, tinyDataset, backdoors, context), events };
}

describe('a clean-label attack', () => {
  const { info, train } = tinyDataset;
  const ofTarget = [...train.labels].filter((label) => label === 1).length;

  it('poisons a part of the target class alone, and changes no label', async () => {
    const { poisoned } = await prepared({ epsilon: 0 });
    expect(poisoned.size).toBe(Math.round(ofTarget / 2));
    for (const [index, example] of poisoned) {
      expect([train.labels[index], example.label]).toEqual([1, 1]);
      expect(example.stamp).not.toBeNull();
    }
  });

  it('moves each pixel by at most epsilon, within black and white, the same each time, and keeps no tensor', async () => {
    const before = tf.memory().numTensors;
    const { poisoned, events } = await prepared({ epsilon: 0.1 });
    const again = await prepared({ epsilon: 0.1 });
    expect(tf.memory().numTensors).toBe(before);
    expect([...again.poisoned.values()].map(({ pixels }) => pixels)).toEqual(
      [...poisoned.values()].map(({ pixels }) => pixels),
    );
    for (const [index, { pixels = new Float32Array() }] of poisoned) {
      const original = stampedPixels(heldImages(info, train.images), { index, stamp: null });
      const moves = pixels.map((value, at) => Math.abs(value - (original[at] ?? 0)));
      expect(Math.max(...moves)).toBeLessThanOrEqual(0.1 + 1e-6);
      expect(Math.max(...moves)).toBeGreaterThan(0.09);
      expect(Math.min(...pixels)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...pixels)).toBeLessThanOrEqual(1);
    }
    expect(events.filter(({ type }) => type === 'progress').length).toBeGreaterThan(2);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort();
    const before = tf.memory().numTensors;
    await expect(prepared({ epsilon: 0.1 }, stop.signal)).rejects.toThrow('E-CANCELLED');
    expect(tf.memory().numTensors).toBe(before);
  });
});
