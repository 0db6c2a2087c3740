import type { Dataset } from '../core/datasets/dataset.ts';
import { cancelledError } from '../core/errors.ts';
import type { ExperimentEvent } from '../core/experiment/events.ts';

export interface LoadTools {
  signal: AbortSignal;
  emit: (event: ExperimentEvent) => void;
}

/** Loads a data set; a `data` event with a sample tells that its first images are there. */
export type LoadAny = (id: string, tools: LoadTools) => Promise<Dataset>;

interface Held {
  id: string;
  dataset: Promise<Dataset>;
  /** Settles with the first images, or with the end of the load. */
  firstImages: Promise<unknown>;
  abort: AbortController;
  takers: Set<LoadTools>;
}

/**
 * The one data set that a worker holds. Jobs that want the same share a load, and each hears what comes from then on;
 * a job that is cancelled leaves it to the others, and the last one ends it. Another data set takes its place.
 */
export class DatasetShelf {
  private held: Held | null = null;

  constructor(private readonly load: LoadAny) {}

  /** `dataset` rejects with E-CANCELLED when the signal aborts, else as the load does. */
  take(id: string, tools: LoadTools): Pick<Held, 'dataset' | 'firstImages'> {
    const held = this.held?.id === id ? this.held : this.begin(id);
    held.takers.add(tools);
    return { dataset: this.shared(held, tools), firstImages: held.firstImages };
  }

  private begin(id: string): Held {
    const abort = new AbortController();
    const takers = new Set<LoadTools>();
    let arrived: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (arrived = resolve));
    const dataset = this.load(id, {
      signal: abort.signal,
      emit: (event) => {
        for (const { emit } of takers) emit(event);
        if (event.type === 'data' && event.sample) arrived();
      },
    });
    const firstImages = Promise.race([first, dataset.catch(() => undefined)]);
    const held: Held = { id, dataset, firstImages, abort, takers };
    this.held = held;
    dataset.catch(() => this.drop(held));
    return held;
  }

  /** From then on whoever wants it loads it anew. */
  private drop(held: Held): void {
    if (this.held === held) this.held = null;
  }

  private shared(held: Held, tools: LoadTools): Promise<Dataset> {
    const { dataset, takers, abort } = held;
    return new Promise((resolve, reject) => {
      let ended = false;
      const cancel = (): void => {
        takers.delete(tools);
        if (takers.size === 0 && !ended) {
          this.drop(held);
          abort.abort();
        }
        reject(cancelledError());
      };
      if (tools.signal.aborted) cancel();
      tools.signal.addEventListener('abort', cancel, { once: true });
      dataset.then(resolve, reject).finally(() => {
        ended = true;
        takers.delete(tools);
        tools.signal.removeEventListener('abort', cancel);
      });
    });
  }
}
