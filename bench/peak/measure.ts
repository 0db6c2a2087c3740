interface PeakExports {
  flopsPerRound: () => number;
  run: (rounds: number, start: number) => number;
}

const REPEATS = 5;
const REPEAT_MS = 20;

/** An engine optimises code that was called often; a call that is under way stays as it began. */
const WARM_UP_MS = 600;
const WARM_UP_ROUNDS = 2_000;

/** GFLOP/s of the register tile: the best of a few repeats, since whatever disturbs only slows it down. */
export async function measurePeak(module: BufferSource): Promise<number> {
  const { instance } = await WebAssembly.instantiate(module);
  const { run, flopsPerRound } = instance.exports as unknown as PeakExports;
  const begun = performance.now();
  while (performance.now() - begun < WARM_UP_MS) {
    run(WARM_UP_ROUNDS, 1e-3);
    // Optimised code is taken up between calls.
    await new Promise((resolve) => setTimeout(resolve));
  }
  let rounds = 100_000;
  let best = 0;
  for (let repeat = 0; repeat <= REPEATS;) {
    const started = performance.now();
    const result = run(rounds, 1e-3);
    const ms = performance.now() - started;
    if (!Number.isFinite(result)) throw new Error('the register tile computed no number');
    if (ms < REPEAT_MS) {
      rounds *= 2;
      continue;
    }
    best = Math.max(best, (rounds * flopsPerRound()) / ms / 1e6);
    repeat++;
  }
  return best;
}
