/**
 * Steps and statuses come tens of times a second; views need ten at most. Series take each one at once, the store
 * gets the latest of each kind when the inbox is emptied.
 */
export class StepInbox<Change extends object> {
  private waiting: Partial<Change> = {};
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly deliver: (change: Partial<Change>) => void,
    private readonly intervalMs: number,
  ) {}

  add(change: Partial<Change>): void {
    this.waiting = { ...this.waiting, ...change };
    this.timer ??= setTimeout(() => this.flush(), this.intervalMs);
  }

  /** Delivers what waits, now. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const change = this.waiting;
    this.waiting = {};
    if (Object.keys(change).length > 0) this.deliver(change);
  }

  clear(): void {
    this.waiting = {};
    this.flush();
  }
}
