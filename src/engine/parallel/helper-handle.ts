import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { Finished, FromHelper, HelperLine, Work } from './messages.ts';

type Answer = Extract<FromHelper, { type: 'done' }>;

/** The lead's end of one helper. */
export class HelperHandle {
  state: 'starting' | 'ready' | 'lost' = 'starting';
  /** Why it was lost. */
  why = '';
  /** Its network's values are not the lead's any more. */
  stale = false;
  /** Resolves when it is ready or lost. */
  readonly started: Promise<void>;
  private begun: () => void = () => undefined;
  private waiting: { id: number; resolve: (answer: Answer | null) => void } | null = null;
  private lastId = 0;
  /** Arrays that go to and fro, so that no step allocates any. */
  private spare: Float32Array<ArrayBuffer>[] = [];

  constructor(private readonly line: HelperLine) {
    this.started = new Promise((resolve) => (this.begun = resolve));
    line.listen((message) => this.receive(message));
    line.onError((why) => this.lose(why));
  }

  get sharesMemory(): boolean {
    return this.line.sharesMemory;
  }

  give(weights: ModelWeights, frozen: readonly string[]): void {
    this.spare = [];
    this.stale = false;
    if (this.state !== 'lost') this.line.post({ type: 'network', weights, frozen });
  }

  /**
   * Sends it pieces of work, with the network's values when they have changed.
   * @param read writes the values
   * @param size how many there are
   * @returns its answer; null once it is lost
   */
  work(work: Work[], read: (target: Float32Array) => void, size: number): Promise<Answer | null> {
    // It may have gone while the work was being made.
    if (this.state === 'lost') return Promise.resolve(null);
    const id = ++this.lastId;
    let values: Float32Array<ArrayBuffer> | null = null;
    if (this.stale) {
      values = this.spare.pop() ?? new Float32Array(size);
      read(values);
      this.stale = false;
    }
    const answer = new Promise<Answer | null>((resolve) => (this.waiting = { id, resolve }));
    const transfer = [...(values ? [values] : []), ...this.spare].map(({ buffer }) => buffer);
    this.line.post({ type: 'work', id, work, values, spare: this.spare }, transfer);
    this.spare = [];
    return answer;
  }

  /** What was answered; null when the helper was lost, as it is after so long without an answer. */
  async within(answer: Promise<Answer | null>, milliseconds: number): Promise<Finished[] | null> {
    const timer = setTimeout(() => this.lose('It gave no answer.'), milliseconds);
    const done = await answer;
    clearTimeout(timer);
    return done?.finished ?? null;
  }

  /** Takes back an array of an answer for the next one. */
  recycle(array: Float32Array<ArrayBuffer>): void {
    this.spare.push(array);
  }

  end(): void {
    this.lose('The team was dissolved.');
  }

  private receive(message: FromHelper): void {
    if (this.state === 'lost') return;
    if (message.type === 'ready') {
      this.state = 'ready';
      this.begun();
    } else if (message.type === 'failed') {
      this.lose(`${message.error.what} ${message.error.why}`);
    } else if (message.id === this.waiting?.id) {
      this.spare.push(...message.spare);
      this.waiting.resolve(message);
      this.waiting = null;
    }
  }

  private lose(why: string): void {
    if (this.state === 'lost') return;
    this.state = 'lost';
    this.why = why;
    this.line.terminate();
    this.begun();
    this.waiting?.resolve(null);
    this.waiting = null;
  }
}
