import { describe, expect, it } from 'vitest';
import { cancelledError } from '../../core/errors.ts';
import { DeviceWatch, type LosableDevice } from './device-watch.ts';

type Loss = Awaited<LosableDevice['lost']>;

function device() {
  let lose: (info: Loss) => void = () => undefined;
  const lost = new Promise<Loss>((resolve) => (lose = resolve));
  return {
    device: { lost },
    lose: (message = 'The driver was reset') => lose({ reason: 'unknown', message }),
  };
}
const forEver = () => new Promise<never>(() => undefined);

describe('a device watch', () => {
  it('ends work that waits for ever once the device is lost, and says why', async () => {
    const { device: gpu, lose } = device();
    const watch = new DeviceWatch(gpu);
    const guarded = watch.guard(forEver());
    watch.assertHere();
    expect(watch.isLost).toBe(false);
    lose();
    await expect(guarded).rejects.toMatchObject({ code: 'E-GPU-LOST', why: 'The driver was reset.' });
    expect(watch.isLost).toBe(true);
    expect(() => watch.assertHere()).toThrow('E-GPU-LOST');
  });

  it('tells the loss, and not the error that it caused, which comes first', async () => {
    const { device: gpu, lose } = device();
    const guarded = new DeviceWatch(gpu).guard(
      Promise.reject(new DOMException('The buffer cannot be mapped.', 'AbortError')),
    );
    setTimeout(lose, 20);
    await expect(guarded).rejects.toMatchObject({ code: 'E-GPU-LOST' });
  });

  it('gives a reason when the browser gives none', async () => {
    const { device: gpu, lose } = device();
    lose('');
    await expect(new DeviceWatch(gpu).guard(forEver())).rejects.toThrow(/driver was reset or updated/);
  });

  it('leaves results and errors as they are while the device is there', async () => {
    const watch = new DeviceWatch(device().device);
    expect(await watch.guard(Promise.resolve(3))).toBe(3);
    await expect(watch.guard(Promise.reject(cancelledError()))).rejects.toMatchObject({
      code: 'E-CANCELLED',
    });
    await expect(watch.guard(Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
  });

  it('does nothing without a GPU', async () => {
    const watch = new DeviceWatch(null);
    expect(await watch.guard(Promise.resolve(3))).toBe(3);
    expect(watch.isLost).toBe(false);
  });
});
