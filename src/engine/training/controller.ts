import type { BalancerConfig, EvasionName } from '../../core/config/schema.ts';
import type { ClientByHand } from '../../core/federated/by-hand.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import type { PauseReason } from '../../core/experiment/events.ts';

type Budget = { unit: 'batch' | 'epoch' } | null;

/**
 * A person's hand on a run: pause, go on, one step, another balancer, evasions on and off, a snapshot. Orders take effect between two
 * steps. The run asks `gate` before each step and waits there while it is paused.
 */
export class RunController {
  private paused: PauseReason | null;
  private budget: Budget = null;
  private wake: (() => void) | null = null;
  private chosenBalancer: BalancerConfig | null = null;
  private chosenEvasions: readonly EvasionName[] | null = null;
  private readonly heldClients = new Map<number, ClientByHand>();
  private snapshotWaiters: ((checkpoint: Checkpoint) => void)[] = [];

  constructor(options: { startPaused?: boolean } = {}) {
    this.paused = options.startPaused ? 'user' : null;
  }

  get pauseReason(): PauseReason | null {
    return this.paused;
  }

  /** The balancer chosen by hand; null while the config's holds. */
  get balancer(): BalancerConfig | null {
    return this.chosenBalancer;
  }

  /** The evasions that are on by hand; null while the config's are. */
  get evasions(): readonly EvasionName[] | null {
    return this.chosenEvasions;
  }

  /** Clients that were taken by hand, those that were released again among them. */
  get clients(): readonly ClientByHand[] {
    return [...this.heldClients.values()];
  }

  get snapshotWanted(): boolean {
    return this.snapshotWaiters.length > 0;
  }

  pause(reason: PauseReason = 'user'): void {
    this.paused = reason;
    this.budget = null;
  }

  resume(): void {
    this.paused = null;
    this.budget = null;
    this.wakeUp();
  }

  /** Goes on for one batch or to the end of the epoch, then pauses. */
  step(unit: 'batch' | 'epoch'): void {
    this.paused = null;
    this.budget = { unit };
    this.wakeUp();
  }

  balance(balancer: BalancerConfig): void {
    this.chosenBalancer = balancer;
    this.wakeUp();
  }

  /** Switches on exactly these evasions. */
  evade(evasions: readonly EvasionName[]): void {
    this.chosenEvasions = [...evasions];
    this.wakeUp();
  }

  /** Takes a federated client by hand, or releases it, from the next round on. */
  takeClient(client: ClientByHand): void {
    this.heldClients.set(client.client, client);
    this.wakeUp();
  }

  /** The state of the run between two steps; also while it is paused. */
  snapshot(): Promise<Checkpoint> {
    return new Promise((resolve) => {
      this.snapshotWaiters.push(resolve);
      this.wakeUp();
    });
  }

  answerSnapshots(checkpoint: Checkpoint): void {
    for (const resolve of this.snapshotWaiters.splice(0)) resolve(checkpoint);
  }

  /** The run tells that a batch or an epoch has ended; a spent budget pauses. */
  ended(unit: 'batch' | 'epoch'): void {
    if (this.budget?.unit === unit) this.pause('step');
  }

  /** Resolves at the next order, or when the signal aborts. */
  nextOrder(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        this.wake = null;
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.wake = done;
    });
  }

  private wakeUp(): void {
    this.wake?.();
  }
}
