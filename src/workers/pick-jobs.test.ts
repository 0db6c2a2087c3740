import { beforeAll, describe, expect, it } from 'vitest';
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
import { type PickGround, similar } from './pick-jobs.ts';

const weights = initialWeights('simplenet', [16, 17, 1], 3, 1);
const SIZE = 16 * 17;

beforeAll(() => startBackend('wasm', nodeAssets));

describe('looking for similar images', () => {
  const ground = (changes: Partial<PickGround> = {}): PickGround => ({
    signal: new AbortController().signal,
    onProgress: () => undefined,
    loadPretrained: () => Promise.reject(new Error('none')),
    cache: rememberedControls(),
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
