/**
 * How slow the machine is, so that bounds in milliseconds mean the same on each: they were measured where the work below took
 * `REFERENCE_MS`. What a page of the lab takes grows with it; a faster machine gets no tighter bounds.
 */
import type { Page } from '@playwright/test';

/** Median of the work in Chromium on 2 quiet cores of the machine on which the bounds were set. */
const REFERENCE_MS = 145;

const TRIALS = 9;

/** Arithmetic and memory, by the clock on the wall: the median of some trials, in milliseconds. */
function work(trials: number): number {
  const numbers = new Float64Array(4096).fill(1);
  const times: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const start = performance.now();
    let sum = 0;
    for (let round = 0; round < 1500; round++)
      for (let at = 0; at < numbers.length; at++) {
        sum = (sum * 31 + at) | 0;
        numbers[at] = (numbers[at] ?? 0) * 0.5 + (sum % 7);
      }
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[trials >> 1] ?? Number.NaN;
}

/** 1 on the machine of the bounds and on faster ones; 2 where everything takes twice as long. */
export async function slowness(page: Page): Promise<number> {
  const ms = await page.evaluate(work, TRIALS);
  const factor = Math.max(1, ms / REFERENCE_MS);
  console.log(
    `this machine takes ${ms.toFixed(0)} ms for the work of ${REFERENCE_MS} ms: bounds times ${factor.toFixed(2)}`,
  );
  return factor;
}
