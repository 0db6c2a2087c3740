/** A contestant that is running: somewhere requests are sent to and answers come from, one at a time. */
import type { Answers, BenchAnswer, BenchRequest, RequestKind, Requests } from '../protocol.ts';

export interface Lane {
  /** @param limitMs how long to wait before the contestant is given up. @throws LaneError */
  ask<Kind extends RequestKind>(kind: Kind, request: Requests[Kind], limitMs: number): Promise<Answers[Kind]>;
  /** Ends it, whatever it is doing. */
  close(): Promise<void>;
}

/** Why a contestant gave no answer. After one that is `fatal` the lane is dead. */
export class LaneError extends Error {
  constructor(
    message: string,
    readonly fatal: boolean,
  ) {
    super(message);
  }
}

/** What a lane stands on: a line that carries messages both ways. */
export interface Line {
  send(request: BenchRequest): void;
  close(): void | Promise<void>;
}

/** A lane over a line whose answers are handed to `answered`, and its end to `died`. */
export class LineLane implements Lane {
  private waiting: { settle: (answer: BenchAnswer) => void; fail: (error: Error) => void } | null = null;
  private dead: string | null = null;

  constructor(private readonly line: Line) {}

  answered(answer: BenchAnswer): void {
    this.waiting?.settle(answer);
    this.waiting = null;
  }

  died(why: string): void {
    this.dead ??= why;
    this.waiting?.fail(new LaneError(why, true));
    this.waiting = null;
  }

  ask<Kind extends RequestKind>(
    kind: Kind,
    request: Requests[Kind],
    limitMs: number,
  ): Promise<Answers[Kind]> {
    return this.exchange(() => this.line.send({ kind, ...request } as BenchRequest), limitMs) as Promise<
      Answers[Kind]
    >;
  }

  /** Waits for what the contestant says once it runs. */
  greeted(limitMs: number): Promise<unknown> {
    return this.exchange(() => undefined, limitMs);
  }

  async close(): Promise<void> {
    this.died('it was ended');
    await this.line.close();
  }

  private async exchange(send: () => void, limitMs: number): Promise<unknown> {
    if (this.dead !== null) throw new LaneError(this.dead, true);
    if (this.waiting) throw new Error('one request at a time');
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<BenchAnswer>((resolve, reject) => {
      this.waiting = { settle: resolve, fail: reject };
      timer = setTimeout(
        () => this.died(`it did not answer within ${Math.round(limitMs / 1000)} s`),
        limitMs,
      );
      send();
    }).finally(() => clearTimeout(timer));
    if (answer.ok) return answer.value;
    throw new LaneError(answer.why, false);
  }
}
