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
import type { Measurement, Remembering, TrialOutcome } from './measurement.ts';
import { machineKey, ranked, recall, reasonWords } from './recall.ts';
import { SELF_TEST_TOLERANCE, selfTest, testBatch } from './self-test.ts';
import { gpuAdapter, isSoftwareAdapter, startBackend } from './start.ts';

interface Candidate {
  name: BackendName;
  label: string;
  selfTestError: number | null;
}

/**
 * @param remembering what `auto` measures is kept there, and tried out again only when it is old, of another machine, or
 * when its choice no longer passes the self-test; null measures every time
 * @throws LabError E-BACKEND when the chosen backend is missing or fails its self-test
 */
export async function chooseBackend(
  choice: BackendChoice,
  assets: BackendAssets,
  remembering: Remembering | null = null,
): Promise<BackendReport> {
  if (choice !== 'auto') {
    const chosen = await tryBackend(choice, assets);
    return { ...chosen, reason: 'chosen by you', timings: {} };
  }
  const adapter = await gpuAdapter();
  const { names, notes } = candidates(adapter);
  if (!remembering) return (await measureAll(names, notes, assets)).report;
  const { store, machine, anew = false } = remembering;
  const key = machineKey(machine, adapter);
  const known = anew ? null : await recall(store, key, names);
  const again = known && (await takeRemembered(known, notes, assets));
  if (again) return again;
  const { report, measurement } = await measureAll(names, notes, assets);
  const keeping = measurement ? store.save(key, measurement) : store.forget(key);
  // What cannot be kept is measured again at the next start.
  await keeping.catch(() => undefined);
  return report;
}

/** Starts what was fastest; its self-test runs all the same. Null when it does not work any more. */
async function takeRemembered(
  measurement: Measurement,
  notes: readonly string[],
  assets: BackendAssets,
): Promise<BackendReport | null> {
  const fastest = ranked(measurement.outcomes)[0];
  if (!fastest) return null;
  try {
    const chosen = await tryBackend(fastest.name, assets);
    return {
      ...chosen,
      reason: reasonWords(notes, measurement, true),
      timings: timingsOf(measurement.outcomes),
    };
  } catch {
    return null;
  }
}

/**
 * Tries all candidates and takes the fastest; cpu where none works. There is nothing to remember when one could not even
 * start: it may at the next time.
 */
async function measureAll(
  names: readonly BackendName[],
  notes: readonly string[],
  assets: BackendAssets,
): Promise<{ report: BackendReport; measurement: Measurement | null }> {
  const faults: string[] = [];
  const working: Candidate[] = [];
  const outcomes: TrialOutcome[] = [];
  for (const name of names) {
    try {
      working.push(await tryBackend(name, assets));
      outcomes.push({ name, milliseconds: await timeStep() });
    } catch (thrown) {
      const { why } = asLabError(thrown);
      if (thrown instanceof WrongValuesError) outcomes.push({ name, refusal: why });
      else faults.push(`${name}: ${why}`);
    }
  }
  const fastest = ranked(outcomes)[0];
  const chosen = working.find(({ name }) => name === fastest?.name) ?? (await tryBackend('cpu', assets));
  if (fastest) await tf.setBackend(fastest.name);
  const measurement = { measuredAt: Date.now(), outcomes };
  const reason = reasonWords([...notes, ...faults], measurement, false);
  return {
    report: { ...chosen, reason, timings: timingsOf(outcomes) },
    measurement: fastest && faults.length === 0 ? measurement : null,
  };
}

function timingsOf(outcomes: readonly TrialOutcome[]): BackendReport['timings'] {
  return Object.fromEntries(ranked(outcomes).map(({ name, milliseconds }) => [name, milliseconds]));
}

/** GPU first, then WebAssembly; cpu only where neither works. */
function candidates(adapter: GPUAdapter | null): { names: BackendName[]; notes: string[] } {
  if (!adapter) return { names: ['wasm'], notes: ['no GPU adapter'] };
  if (isSoftwareAdapter(adapter)) return { names: ['wasm'], notes: ['the GPU adapter is software'] };
  return { names: ['webgpu', 'wasm'], notes: [] };
}

/** A backend that runs and computes something else: worth remembering, unlike one that did not start. */
class WrongValuesError extends LabError {}

async function tryBackend(name: BackendName, assets: BackendAssets): Promise<Candidate> {
  const label = await startBackend(name, assets);
  const selfTestError = name === 'cpu' ? null : await selfTest(name);
  if (selfTestError !== null && !(selfTestError <= SELF_TEST_TOLERANCE)) {
    throw new WrongValuesError({
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
