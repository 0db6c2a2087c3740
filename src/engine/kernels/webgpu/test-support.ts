/** For the tests of this folder: the webgpu backend with our kernels in Node, on a GPU or on Chromium's software one. */
import { existsSync } from 'node:fs';
import { nodeAssets } from '../../backend/assets.node.ts';
import { installDawn } from '../../backend/dawn.ts';
import { startBackend } from '../../backend/start.ts';

/** Where distributions put Chromium's SwiftShader. */
const SOFTWARE_DRIVERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'].map(
  (folder) => `${folder}/vk_swiftshader_icd.json`,
);

/**
 * Starts the webgpu backend and installs the kernels. VK_ICD_FILENAMES chooses the driver; without it, SwiftShader is taken
 * where it is found, so that the tests compute alike everywhere.
 * @returns why it cannot be had, or null when it runs
 */
export async function startWebgpu(): Promise<string | null> {
  process.env.VK_ICD_FILENAMES ??= SOFTWARE_DRIVERS.find((path) => existsSync(path)) ?? '';
  try {
    await installDawn();
  } catch (thrown) {
    return `Dawn does not load: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return 'no WebGPU adapter: no GPU, and no vk_swiftshader_icd.json (set VK_ICD_FILENAMES)';
  await startBackend('webgpu', nodeAssets);
  return null;
}
