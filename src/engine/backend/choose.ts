/**
 * Chooses a backend by what is there, what computes right and what is fastest, and says why. A person may choose
 * instead: then that one is used or refused, never silently replaced.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendChoice, BackendName } from '../../core/config/schema.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { BackendReport } from '../../core/experiment/events.ts';
import { initialWeights, Network } from '../models/network.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import type { BackendAssets } from './assets.ts';
import { SELF_TEST_TOLERANCE, selfTest, testBatch } from './self-test.ts';
import { gpuAdapter, isSoftwareAdapter, startBackend } from './start.ts';

interface Candidate {
  name: BackendName;
  label: string;
  selfTestError: number | null;
}

/** @throws LabError E-BACKEND when the chosen backend is missing or fails its self-test */
export async function chooseBackend(choice: BackendChoice, assets: BackendAssets): Promise<BackendReport> {
  if (choice !== 'auto') {
    const chosen = await tryBackend(choice, assets);
    return { ...chosen, reason: 'chosen by you', timings: {} };
  }
  const notes: string[] = [];
  const working: Candidate[] = [];
  const timings: BackendReport['timings'] = {};
  for (const name of await candidates(notes)) {
    try {
      const candidate = await tryBackend(name, assets);
      working.push(candidate);
      timings[name] = await timeStep();
    } catch (thrown) {
      const { why } = asLabError(thrown);
      notes.push(`${name}: ${why}`);
    }
  }
  const fastest = working.toSorted(
    (a, b) => (timings[a.name] ?? Infinity) - (timings[b.name] ?? Infinity),
  )[0];
  const chosen = fastest ?? (await tryBackend('cpu', assets));
  if (fastest) await tf.setBackend(chosen.name);
  if (working.length > 1) {
    notes.push(
      working.map(({ name }) => `${name} ${(timings[name] ?? 0).toFixed(1)} ms`).join(' against ') +
        ' for a trial step',
    );
  }
  return { ...chosen, reason: notes.join('; ') || 'the fastest that is there', timings };
}

/** GPU first, then WebAssembly; cpu only where neither works. */
async function candidates(notes: string[]): Promise<BackendName[]> {
  const adapter = await gpuAdapter();
  if (!adapter) notes.push('no GPU adapter');
  else if (isSoftwareAdapter(adapter)) notes.push('the GPU adapter is software');
  else return ['webgpu', 'wasm'];
  return ['wasm'];
}

async function tryBackend(name: BackendName, assets: BackendAssets): Promise<Candidate> {
  const label = await startBackend(name, assets);
  const selfTestError = name === 'cpu' ? null : await selfTest(name);
  if (selfTestError !== null && !(selfTestError <= SELF_TEST_TOLERANCE)) {
    throw new LabError({
      code: 'E-BACKEND',
      what: `The ${name} backend computes wrong values on this machine.`,
      why: `Its self-test is off by ${selfTestError.toExponential(1)}, more than ${SELF_TEST_TOLERANCE}.`,
      fix: 'Choose another backend, or update the graphics driver.',
      where: 'backend',
    });
  }
  return { name, label, selfTestError };
}

/** Milliseconds of a small training step on the current backend: the faster of two after a warm-up. */
export async function timeStep(): Promise<number> {
  const shape = [28, 28, 1] as const;
  const network = new Network(initialWeights('simplenet', shape, 10, 0));
  const batch = testBatch(16, shape, 10);
  let best = Infinity;
  for (let repeat = 0; repeat < 3; repeat++) {
    const started = performance.now();
    const { loss, gradient } = lossAndGradient(network, batch);
    await Promise.all([loss, ...gradient].map((tensor) => tensor.data()));
    tf.dispose([loss, [...gradient]]);
    if (repeat > 0) best = Math.min(best, performance.now() - started);
  }
  network.dispose();
  return best;
}
