/**
 * Notices that the GPU went away under a run: the driver was reset or updated, the browser's GPU process crashed, a
 * laptop changed its GPU. The device is gone for good then, with every tensor on it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { asSentence } from '../../core/error-words.ts';
import { LabError } from '../../core/errors.ts';

/** What is needed of a `GPUDevice`. */
export interface LosableDevice {
  readonly lost: Promise<Pick<GPUDeviceLostInfo, 'reason' | 'message'>>;
}

/** Work on a lost device may fail before the loss itself is told; so long it is waited for. */
const PATIENCE_MS = 500;

/** The GPU device of the current backend; null where it computes on none. */
export function currentDevice(): LosableDevice | null {
  if (tf.getBackend() !== 'webgpu') return null;
  return (tf.backend() as unknown as { device: LosableDevice }).device;
}

/** Watches a device for as long as something computes on it; without a device it does nothing. */
export class DeviceWatch {
  private error: LabError | null = null;
  private readonly lost: Promise<LabError> | null;

  constructor(device: LosableDevice | null) {
    this.lost = device ? device.lost.then((info) => (this.error = lostError(info))) : null;
  }

  /** From then on nothing that is read from the device can be trusted. */
  get isLost(): boolean {
    return this.error !== null;
  }

  /** @throws LabError E-GPU-LOST */
  assertHere(): void {
    if (this.error) throw this.error;
  }

  /**
   * The result of `work`. Rejects with E-GPU-LOST as soon as the device is lost, even where the work waits for ever or
   * fails with an error of its own.
   */
  async guard<T>(work: Promise<T>): Promise<T> {
    const { lost } = this;
    if (!lost) return work;
    work.catch(() => undefined); // what it does after the loss is of no use
    try {
      return await Promise.race([
        work,
        lost.then((error) => {
          throw error;
        }),
      ]);
    } catch (thrown) {
      if (thrown instanceof LabError) throw thrown;
      throw (await Promise.race([lost, patience()])) ?? thrown;
    }
  }
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
}

function lostError({ reason, message }: Pick<GPUDeviceLostInfo, 'reason' | 'message'>): LabError {
  const said = reason === 'destroyed' ? 'It was destroyed.' : asSentence(message);
  return new LabError({
    code: 'E-GPU-LOST',
    what: 'The GPU device was lost while it computed.',
    why: said || 'The driver was reset or updated, or another GPU took its place.',
    fix: 'Go on from the last checkpoint, on the GPU if it is back, or without it.',
    where: 'backend',
  });
}
