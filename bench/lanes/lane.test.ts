import { describe, expect, it } from 'vitest';
import type { BenchRequest } from '../protocol.ts';
import { LineLane } from './lane.ts';

/** A contestant that answers as told. */
function laneOf(reply: (request: BenchRequest, lane: LineLane) => void): LineLane {
  const lane: LineLane = new LineLane({
    send: (request) => queueMicrotask(() => reply(request, lane)),
    close: () => undefined,
  });
  return lane;
}

describe('a lane', () => {
  it('hands the answer to whoever asked', async () => {
    const lane: LineLane = laneOf((request) => {
      expect(request).toEqual({ kind: 'sample', milliseconds: 5, atMost: 2, warm: 1 });
      lane.answered({ ok: true, value: { ms: [3, 4] } });
    });
    expect(await lane.ask('sample', { milliseconds: 5, atMost: 2, warm: 1 }, 1000)).toEqual({ ms: [3, 4] });
  });

  it('goes on after a refusal, and says its reason', async () => {
    let asked = 0;
    const lane: LineLane = laneOf(() =>
      lane.answered(++asked === 1 ? { ok: false, why: 'no such kernel' } : { ok: true, value: {} }),
    );
    await expect(lane.ask('finish', {}, 1000)).rejects.toMatchObject({
      message: 'no such kernel',
      fatal: false,
    });
    expect(await lane.ask('finish', {}, 1000)).toEqual({});
  });

  it('is dead after a silence or an end, for later requests too', async () => {
    const silent = laneOf(() => undefined);
    await expect(silent.ask('finish', {}, 20)).rejects.toMatchObject({ fatal: true });
    await expect(silent.ask('finish', {}, 1000)).rejects.toThrow('did not answer');
    const ended = laneOf((_, lane) => lane.died('exit code 3'));
    await expect(ended.ask('finish', {}, 1000)).rejects.toMatchObject({
      message: 'exit code 3',
      fatal: true,
    });
  });
});
