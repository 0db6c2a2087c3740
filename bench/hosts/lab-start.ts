import type { BackendAssets } from '../../src/engine/backend/assets.ts';
import { startBackend } from '../../src/engine/backend/start.ts';
import { installedVariant, installWasmKernels } from '../../src/engine/kernels/wasm/api.ts';
import type { Answers, Requests } from '../protocol.ts';
import { refuseSoftware } from './refuse-software.ts';

/**
 * Starts one of the lab's backends, with the kernels that were asked for.
 * @throws LabError E-BACKEND; Error for what the lab does not have
 */
export async function startLab(
  { backend, variant, softwareGpu }: Requests['start'],
  assets: BackendAssets,
): Promise<Answers['start']> {
  if (backend === 'webgl') throw new Error('the lab has no webgl backend');
  if (backend === 'webgpu') await refuseSoftware(softwareGpu);
  const label = await startBackend(backend, assets);
  if (backend !== 'wasm') return { label, variant: null };
  const better = installedVariant();
  if (variant === 'relaxed' && better !== 'relaxed') throw new Error('relaxed SIMD does not run here');
  if (variant === null || variant === better) return { label, variant: better };
  await installWasmKernels({ variant, bytes: assets.kernels });
  return { label: 'WebAssembly, SIMD', variant };
}
