/** One chart that wants to be drawn again from time to time. */
export interface Updatable {
  /** Draws; called in a macrotask of its own. */
  update(): void;
  /** Least time between two updates, in milliseconds. */
  intervalMs: number;
}

interface Waiting {
  client: Updatable;
  dueMs: number;
}

/**
 * Spreads the redrawing of many charts over time: no chart more often than its interval, one chart a macrotask, at
 * least `gapMs` between two of them, the longest overdue first. So a page of charts never becomes one long task.
 */
export class UpdateQueue {
  private readonly waiting = new Map<Updatable, Waiting>();
  private readonly updatedMs = new WeakMap<Updatable, number>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private timerDueMs = Number.POSITIVE_INFINITY;
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly gapMs = 30,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Asks for one update; asking again before it came changes nothing. */
  request(client: Updatable): void {
    if (this.waiting.has(client)) return;
    const last = this.updatedMs.get(client) ?? Number.NEGATIVE_INFINITY;
    this.waiting.set(client, { client, dueMs: Math.max(this.now(), last + client.intervalMs) });
    this.arm();
  }

  /** Takes a request back, as when a chart leaves the page. */
  withdraw(client: Updatable): void {
    this.waiting.delete(client);
  }

  private arm(): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.waiting.values()) earliest = Math.min(earliest, dueMs);
    if (earliest === Number.POSITIVE_INFINITY) return;
    const dueMs = Math.max(earliest, this.lastMs + this.gapMs);
    if (this.timer !== null) {
      if (this.timerDueMs <= dueMs) return;
      clearTimeout(this.timer);
    }
    this.timerDueMs = dueMs;
    this.timer = setTimeout(() => this.fire(), Math.max(0, dueMs - this.now()));
  }

  private fire(): void {
    this.timer = null;
    this.timerDueMs = Number.POSITIVE_INFINITY;
    const now = this.now();
    let next: Waiting | null = null;
    for (const waiting of this.waiting.values()) {
      // A timer may come a fraction of a millisecond early.
      if (waiting.dueMs <= now + 1 && (next === null || waiting.dueMs < next.dueMs)) next = waiting;
    }
    if (next !== null) {
      this.waiting.delete(next.client);
      this.updatedMs.set(next.client, now);
      this.lastMs = now;
      next.client.update();
    }
    this.arm();
  }
}

/** The queue that all charts of the page share. */
export const chartUpdates = new UpdateQueue();
