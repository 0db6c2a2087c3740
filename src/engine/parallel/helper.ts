/** A helper thread: it gets a network once, its new values as they change, and works on what the lead gives it. */
import * as tf from '@tensorflow/tfjs-core';
import { asLabError } from '../../core/errors.ts';
import type { BackendAssets } from '../backend/assets.ts';
import { advanceSearch } from '../defenses/neural-cleanse/search.ts';
import { startBackend } from '../backend/start.ts';
import { Network } from '../models/network.ts';
import { trainClient } from '../federated/train-client.ts';
import { assignValues, readValues, totalSize } from './flat-values.ts';
import { spoil } from './exchange-place.ts';
import type { Finished, FromHelper, Line, ToHelper, Work } from './messages.ts';
import { gradientOf, placesOf, probabilitiesOf } from './perform.ts';

/** Starts the wasm backend and answers the lead until the thread is ended. A failure is told; the lead ends the thread. */
export function serveHelper(line: Line<FromHelper, ToHelper>, assets: BackendAssets): void {
  const helper = new Helper(line);
  let last: Promise<void> = startBackend('wasm', assets).then(() => line.post({ type: 'ready' }));
  line.listen((message) => {
    last = last.then(() => helper.receive(message));
  });
  const tell = (thrown: unknown) => line.post({ type: 'failed', error: asLabError(thrown).toData() });
  last.catch(tell);
}

class Helper {
  private network: Network | null = null;

  constructor(private readonly line: Line<FromHelper, ToHelper>) {}

  async receive(message: ToHelper): Promise<void> {
    try {
      if (message.type === 'network') {
        this.network?.dispose();
        this.network = new Network(message.weights, message.frozen);
      } else {
        await this.work(message);
      }
    } catch (thrown) {
      if (message.type === 'work') for (const place of placesOf(message.work)) spoil(place);
      this.line.post({ type: 'failed', error: asLabError(thrown).toData() });
    }
  }

  private async work({ id, work, values, spare }: Extract<ToHelper, { type: 'work' }>): Promise<void> {
    const { network } = this;
    if (!network) throw new Error('work before a network');
    if (values) {
      assignValues(network.values, values);
      spare.push(values);
    }
    const finished: Finished[] = [];
    for (const piece of work) finished.push(await this.finish(network, piece, spare));
    const buffers = [...finished.flatMap((piece) => carried(piece)), ...spare.map(({ buffer }) => buffer)];
    this.line.post({ type: 'done', id, finished, spare }, buffers);
  }

  private async finish(network: Network, piece: Work, spare: Float32Array<ArrayBuffer>[]): Promise<Finished> {
    if (piece.kind === 'probabilities') {
      const probabilities = await probabilitiesOf(network, piece.images, piece.count);
      return { kind: 'probabilities', probabilities };
    }
    if (piece.kind === 'client') {
      const global = new Float32Array(totalSize(network.values));
      readValues(network.values, global);
      return { kind: 'client', ...(await trainClient(network, global, piece.job)) };
    }
    if (piece.kind === 'search') return { kind: 'search', state: await advanceSearch(network, piece.job) };
    const { loss, gradient, statistics } = await gradientOf(network, piece);
    const tensors = [...gradient, ...statistics];
    const flat = spare.pop() ?? new Float32Array(totalSize(tensors));
    readValues(tensors, flat);
    tf.dispose(tensors);
    return { kind: 'gradient', loss, gradient: flat };
  }
}

function carried(piece: Finished): ArrayBuffer[] {
  if (piece.kind === 'search') return [];
  if (piece.kind === 'gradient') return [piece.gradient.buffer];
  return [(piece.kind === 'client' ? piece.delta : piece.probabilities).buffer as ArrayBuffer];
}
