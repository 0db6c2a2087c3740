import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../core/datasets/dataset.ts';
import { cancelledError } from '../core/errors.ts';
import { asTheyAre } from '../core/training/examples.ts';
import { gather } from '../core/training/gather.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { startBackend } from '../engine/backend/start.ts';
import { ModelOnShow } from '../engine/models/model-on-show.ts';
import { initialWeights, Network } from '../engine/models/network.ts';
import { probabilitiesOf } from '../engine/parallel/perform.ts';
import { tinyConfig, tinyDataset } from '../engine/training/run.test-support.ts';
import { rememberedControls } from './defend-job.ts';
import { ModelHolder } from './look-jobs.ts';
import { KeptLatents } from './kept-latents.ts';
import { type PickGround, similar, type SimilarJob } from './pick-jobs.ts';

const weights = initialWeights('simplenet', [16, 17, 1], 3, 1);
const SIZE = 16 * 17;

beforeAll(() => startBackend('wasm', nodeAssets));

describe('looking for similar images', () => {
  const ground = (changes: Partial<PickGround> = {}): PickGround => ({
    signal: new AbortController().signal,
    onProgress: () => undefined,
    loadPretrained: () => Promise.reject(new Error('none')),
    cache: rememberedControls(),
    latents: new KeptLatents(),
    ...changes,
  });
  const job = { kind: 'similar', config: tinyConfig(), weights, index: 4, count: 5 } as const;

  it('finds the nearest in the latents of a model, with what they look like', async () => {
    const told: [number, number][] = [];
    const onProgress = (done: number, total: number): void => void told.push([done, total]);
    const found = await similar(job, tinyDataset, ground({ onProgress }));
    expect(found.of).toBe('given');
    expect(found.images).toHaveLength(5);
    expect(found.images.map(({ index }) => index)).not.toContain(4);
    expect([...found.distances].sort((a, b) => a - b)).toEqual(found.distances);
    const [first] = found.images;
    if (!first) expect.unreachable('there are five');
    const from = first.index * SIZE;
    expect(first.pixels).toEqual(tinyDataset.train.images.slice(from, from + SIZE));
    expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
  });

  describe('a second time', () => {
    /** How many batches went through a network for a question. */
    const passes = async (asked: SimilarJob, dataset: Dataset, latents: KeptLatents) => {
      const spy = vi.spyOn(Network.prototype, 'batchOf');
      const { distances, images } = await similar(asked, dataset, ground({ latents }));
      const calls = spy.mock.calls.length;
      spy.mockRestore();
      return { calls, distances, nearest: images.map(({ index }) => index) };
    };
    /** As it comes to a worker, a copy. */
    const copied = (): SimilarJob => structuredClone({ ...job, index: 7 });

    it('asks the model nothing, and finds the same', async () => {
      const latents = new KeptLatents();
      const before = await passes(copied(), tinyDataset, latents);
      const again = await passes(copied(), tinyDataset, latents);
      expect([before.calls > 0, again.calls]).toEqual([true, 0]);
      expect(again).toEqual({ ...before, calls: 0 });
      const other = await passes({ ...copied(), index: 2 }, tinyDataset, latents);
      expect(other.calls).toBe(0);
      expect(other.nearest).not.toEqual(before.nearest);
    });

    it('asks another model, other data and fewer examples', async () => {
      const latents = new KeptLatents();
      await passes(copied(), tinyDataset, latents);
      const changed = copied();
      const last = changed.weights?.parameters.at(0);
      if (!last) expect.unreachable('it has weights');
      last.data[3] = 0.5;
      expect((await passes(changed, tinyDataset, latents)).calls).toBeGreaterThan(0);
      expect((await passes(changed, { ...tinyDataset }, latents)).calls).toBeGreaterThan(0);
      const fewer = structuredClone(changed);
      fewer.config.task.train_examples = 20;
      expect((await passes(fewer, tinyDataset, latents)).calls).toBeGreaterThan(0);
      // What came before is not kept beside it.
      expect((await passes(copied(), tinyDataset, latents)).calls).toBeGreaterThan(0);
    });

    it('asks again where the latents are more than may be kept', async () => {
      const latents = new KeptLatents(1000);
      await passes(copied(), tinyDataset, latents);
      expect((await passes(copied(), tinyDataset, latents)).calls).toBeGreaterThan(0);
    });
  });

  it('trains a clean model where there is none, and stops on request', async () => {
    const found = await similar({ ...job, weights: null }, tinyDataset, ground());
    expect(found.of).toBe('clean');
    const signal = AbortSignal.abort();
    await expect(similar(job, tinyDataset, ground({ signal }))).rejects.toMatchObject(cancelledError());
  });
});

describe('a model that is tried out', () => {
  const image = (index: number): Uint8Array =>
    tinyDataset.test.images.slice(index * SIZE, (index + 1) * SIZE);

  it('says of an image what evaluation says', async () => {
    const model = new ModelOnShow(weights, tinyDataset.info);
    const network = new Network(weights);
    const { images } = await gather(tinyDataset, 'test', asTheyAre(tinyDataset.test, [3]));
    expect(await model.look(image(3))).toEqual(await probabilitiesOf(network, images, 1));
    await expect(model.look(new Uint8Array(7))).rejects.toMatchObject({ code: 'E-SHAPE' });
    network.dispose();
    model.dispose();
  });

  it('is held until the next one is', async () => {
    const holder = new ModelHolder();
    const look = (held: number) => holder.look({ kind: 'look', held, pixels: image(0) });
    await expect(look(1)).rejects.toMatchObject({ code: 'E-WORKER' });
    const { held } = await holder.hold(weights, tinyDataset);
    expect((await look(held)).probabilities).toHaveLength(3);
    const other = await holder.hold(weights, tinyDataset);
    await expect(look(held)).rejects.toMatchObject({ code: 'E-WORKER' });
    expect((await look(other.held)).probabilities).toHaveLength(3);
    await expect(holder.hold({ ...weights, classes: 4 }, tinyDataset)).rejects.toMatchObject({
      code: 'E-SHAPE',
    });
  });
});
