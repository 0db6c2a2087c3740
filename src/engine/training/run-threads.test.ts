import { beforeAll, expect, it } from 'vitest';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { localHelper } from '../parallel/team.test-support.ts';
import { tinyConfig, tinyRun, type TinyRun } from './run.test-support.ts';

const threadsOf = (run: TinyRun): number[] =>
  run.events.flatMap((event) => (event.type === 'status' ? [event.threads] : []));

const config = tinyConfig({ backend: 'wasm', training: { epochs: 2, batch_size: 8 } });

// Helpers of a test share its thread, and so its backend.
beforeAll(() => startBackend('wasm', nodeAssets));

it('tells how many threads share the steps, also when one joins or is lost between two reports', async () => {
  const helper = localHelper();
  const run = tinyRun(config, {
    helpers: { spawn: () => helper.line, count: 1 },
    onEvent: (event) => {
      if (event.type === 'step' && event.record.step === 10) helper.crash('out of memory');
    },
  });
  await run.result;
  const threads = threadsOf(run);
  expect(Math.max(...threads)).toBe(2);
  expect(threads.at(-1)).toBe(1);
});

it('counts one where no helper is wanted', async () => {
  const run = tinyRun(config);
  await run.result;
  expect(new Set(threadsOf(run))).toEqual(new Set([1]));
});
