import { gpuAdapter, isSoftwareAdapter } from '../../src/engine/backend/start.ts';

/** @throws Error for a GPU in software, unless it is wanted */
export async function refuseSoftware(wanted: boolean): Promise<void> {
  const adapter = await gpuAdapter();
  if (adapter && isSoftwareAdapter(adapter) && !wanted) {
    throw new Error('the GPU here is software; --software-gpu times it all the same');
  }
}
