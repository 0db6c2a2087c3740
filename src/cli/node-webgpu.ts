/** WebGPU for the terminal, loaded only when it is asked for. */
import { LabError } from '../core/errors.ts';
import { installDawn } from '../engine/backend/dawn.ts';

/** Puts `navigator.gpu` in place. @throws LabError E-BACKEND where Dawn has no build for this machine */
export async function installNodeWebGpu(): Promise<void> {
  try {
    await installDawn();
  } catch (cause) {
    throw new LabError(
      {
        code: 'E-BACKEND',
        what: 'The webgpu backend is not available here.',
        why: `WebGPU for Node (Dawn) does not load on ${process.platform}-${process.arch}: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`,
        fix: 'Run with --backend wasm, or in the page.',
        where: 'backend',
      },
      { cause },
    );
  }
}
