import { describe, expect, it } from 'vitest';
import type { ImageDataset } from '../core/datasets/dataset.ts';
import { cancelledError } from '../core/errors.ts';
import type { ExperimentEvent } from '../core/experiment/events.ts';
import { DatasetShelf, type LoadTools } from './dataset-shelf.ts';

const info = { id: 'tiny' } as ImageDataset['info'];
const tiny = { info } as ImageDataset;
const arrival = (loaded: number, first = false): ExperimentEvent => ({
  type: 'data',
  info,
  loaded,
  total: 9,
  sample: first ? { images: new Uint8Array(0), labels: [] } : null,
});

/** A shelf whose loads are steered by hand, and what each of them was given. */
function shelf() {
  const loads: {
    id: string;
    tools: LoadTools;
    resolve: (data: ImageDataset) => void;
    reject: (e: Error) => void;
  }[] = [];
  const held = new DatasetShelf(
    (id, tools) =>
      new Promise((resolve, reject) => {
        loads.push({ id, tools, resolve, reject });
        tools.signal.addEventListener('abort', () => reject(cancelledError()));
      }),
  );
  return { held, loads };
}

/** A job that listens and can be cancelled. */
function job() {
  const abort = new AbortController();
  const heard: ExperimentEvent[] = [];
  const tools: LoadTools = { signal: abort.signal, emit: (event) => heard.push(event) };
  return { tools, heard, cancel: () => abort.abort() };
}

describe('a data set shelf', () => {
  it('loads once for all who want the same, and tells each what comes from then on', async () => {
    const { held, loads } = shelf();
    const [early, late] = [job(), job()];
    const first = held.take('tiny', early.tools);
    loads[0]?.tools.emit(arrival(4));
    const second = held.take('tiny', late.tools);
    loads[0]?.tools.emit(arrival(9));
    loads[0]?.resolve(tiny);
    expect(await first.dataset).toBe(tiny);
    expect(await second.dataset).toBe(tiny);
    expect(await held.take('tiny', job().tools).dataset).toBe(tiny);
    expect(loads).toHaveLength(1);
    expect(early.heard).toHaveLength(2);
    expect(late.heard).toEqual([arrival(9)]);
  });

  it('knows the first images for those too who come after them', async () => {
    const { held, loads } = shelf();
    held.take('tiny', job().tools);
    loads[0]?.tools.emit(arrival(4, true));
    let told = false;
    void held.take('tiny', job().tools).firstImages.then(() => (told = true));
    await new Promise((resolve) => setTimeout(resolve));
    expect(told).toBe(true);
  });

  it('leaves a load to the others when one is cancelled', async () => {
    const { held, loads } = shelf();
    const [early, late] = [job(), job()];
    const left = expect(held.take('tiny', early.tools).dataset).rejects.toMatchObject({
      code: 'E-CANCELLED',
    });
    const { dataset } = held.take('tiny', late.tools);
    early.cancel();
    await left;
    expect(loads[0]?.tools.signal.aborted).toBe(false);
    loads[0]?.tools.emit(arrival(9));
    expect(early.heard).toEqual([]);
    loads[0]?.resolve(tiny);
    expect(await dataset).toBe(tiny);
  });

  it('ends a load that nobody wants any more, and begins anew for the next', async () => {
    const { held, loads } = shelf();
    const only = job();
    const left = expect(held.take('tiny', only.tools).dataset).rejects.toMatchObject({ code: 'E-CANCELLED' });
    only.cancel();
    await left;
    expect(loads[0]?.tools.signal.aborted).toBe(true);
    held.take('tiny', job().tools);
    expect(loads).toHaveLength(2);
  });

  it('loads again after a failure, and keeps no end of an old load from a new one', async () => {
    const { held, loads } = shelf();
    const failed = expect(held.take('tiny', job().tools).dataset).rejects.toThrow('gone');
    held.take('other', job().tools);
    loads[0]?.reject(new Error('gone'));
    await failed;
    held.take('other', job().tools);
    held.take('tiny', job().tools);
    expect(loads.map(({ id }) => id)).toEqual(['tiny', 'other', 'tiny']);
  });
});
