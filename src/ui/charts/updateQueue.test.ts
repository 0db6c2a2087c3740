import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { UpdateQueue, type Updatable } from './updateQueue.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function recorder(log: string[], name: string, intervalMs = 250): Updatable {
  return { intervalMs, update: () => log.push(`${name}@${Date.now() - start}`) };
}
let start = 0;
beforeEach(() => (start = Date.now()));

describe('UpdateQueue', () => {
  it('updates one chart at a time with a gap between, and each at its own pace', () => {
    const log: string[] = [];
    const queue = new UpdateQueue(30, () => Date.now());
    const charts = ['a', 'b', 'c'].map((name) => recorder(log, name));
    const everyStep = setInterval(() => charts.forEach((chart) => queue.request(chart)), 10);
    vi.advanceTimersByTime(600);
    clearInterval(everyStep);
    expect(log).toEqual(['a@11', 'b@41', 'c@71', 'a@261', 'b@291', 'c@321', 'a@511', 'b@541', 'c@571']);
  });

  it('starves nobody when there are more updates than time', () => {
    const log: string[] = [];
    const queue = new UpdateQueue(30, () => Date.now());
    const charts = Array.from({ length: 12 }, (_, i) => recorder(log, String(i), 100));
    const everyStep = setInterval(() => charts.forEach((chart) => queue.request(chart)), 10);
    vi.advanceTimersByTime(30 * 12 * 5);
    clearInterval(everyStep);
    const counts = charts.map((_, i) => log.filter((entry) => entry.startsWith(`${i}@`)).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(4);
  });

  it('draws the last state when the changes end, and nothing after a withdrawal', () => {
    const log: string[] = [];
    const queue = new UpdateQueue(30, () => Date.now());
    const chart = recorder(log, 'a');
    queue.request(chart);
    vi.advanceTimersByTime(1);
    queue.request(chart);
    vi.advanceTimersByTime(1000);
    expect(log).toHaveLength(2);
    queue.request(chart);
    queue.withdraw(chart);
    vi.advanceTimersByTime(1000);
    expect(log).toHaveLength(2);
  });
});
