import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { startWebgpu } from '../kernels/webgpu/test-support.ts';
import { tinyConfig, tinyRun } from './run.test-support.ts';

const missing = await startWebgpu();

/** The device of the webgpu backend, to be taken away. */
const device = () => (tf.backend() as unknown as { device: GPUDevice }).device;

describe.skipIf(missing !== null)(
  `a run whose GPU goes away${missing === null ? '' : ` (${missing})`}`,
  () => {
    it('stops with E-GPU-LOST and keeps the checkpoint from before', async () => {
      const config = tinyConfig({
        backend: 'webgpu',
        training: { epochs: 1000, batch_size: 4 },
        checkpoints: { every: 1 },
      });
      let lostAt: number | null = null;
      const run = tinyRun(config, {
        onEvent: (event) => {
          if (event.type !== 'checkpoint' || event.step < 2 || lostAt !== null) return;
          lostAt = event.step;
          device().destroy();
        },
      });
      await expect(run.result).rejects.toMatchObject({ code: 'E-GPU-LOST', where: 'backend' });
      const last = run.checkpoints.at(-1);
      expect(last?.step).toBe(lostAt);
      expect(last?.weights.parameters.every(({ data }) => data.every(Number.isFinite))).toBe(true);
    });
  },
);
