/** `lab backends`: what can compute here, whether it computes right, and how fast. */
import { asLabError } from '../core/errors.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend, timeStep } from '../engine/backend/choose.ts';
import { rememberInFile } from './measurement-file.ts';
import { installNodeWebGpu } from './node-webgpu.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine } from './output.ts';

/**
 * @param options `measure`: what `auto` takes is measured anew and kept, whatever is remembered
 * @returns failed when no backend works
 */
export async function showBackends(
  { measure = false }: { measure?: boolean },
  { out }: Terminal,
): Promise<number> {
  let working = 0;
  // First, so that it sees what a run sees: Dawn is not there until someone asks for webgpu.
  const auto = await chooseBackend('auto', nodeAssets, rememberInFile({ anew: measure }));
  printLine(out, `auto    takes ${auto.name}, ${auto.label}: ${auto.reason}`);
  for (const name of ['webgpu', 'wasm', 'cpu'] as const) {
    try {
      if (name === 'webgpu') await installNodeWebGpu();
      const { label, selfTestError } = await chooseBackend(name, nodeAssets);
      const milliseconds = await timeStep();
      const test =
        selfTestError === null
          ? 'the reference'
          : `self-test within ${selfTestError.toExponential(1)} of cpu`;
      printLine(
        out,
        `${name.padEnd(7)} ${label}: ${test}, ${milliseconds.toFixed(1)} ms for a trial step of 16`,
      );
      working++;
    } catch (thrown) {
      const { code, why } = asLabError(thrown);
      printLine(out, `${name.padEnd(7)} not available (${code}): ${why}`);
    }
  }
  return working > 0 ? EXIT.ok : EXIT.failed;
}
