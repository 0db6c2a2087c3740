/**
 * Remembers what trying out the backends has shown, so that the next start need not try all of them. A machine is known by
 * what would change the timings; where anything of it changes, they are measured anew.
 */
import { version_core } from '@tensorflow/tfjs-core';
import type { BackendName } from '../../core/config/schema.ts';
import { detectVariant } from '../kernels/wasm/variant.ts';
import { LASTS_MS, type Measurement, type MeasurementStore, type TrialOutcome } from './measurement.ts';

/** One text for everything that would change a measurement. */
export function machineKey(machine: readonly string[], adapter: GPUAdapter | null): string {
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  const gpu = adapter ? [vendor, architecture, device, description] : null;
  return JSON.stringify([...machine, gpu, detectVariant(), version_core]);
}

/** @returns null when nothing usable is remembered of exactly these candidates */
export async function recall(
  store: MeasurementStore,
  key: string,
  candidates: readonly BackendName[],
): Promise<Measurement | null> {
  const found = await store.load(key).catch(() => null);
  if (!isMeasurement(found)) return null;
  const age = Date.now() - found.measuredAt;
  if (age < 0 || age > LASTS_MS) return null;
  const names = found.outcomes.map(({ name }) => name);
  return names.length === candidates.length && candidates.every((name) => names.includes(name))
    ? found
    : null;
}

function isMeasurement(value: unknown): value is Measurement {
  const { measuredAt, outcomes } = (value ?? {}) as Partial<Record<keyof Measurement, unknown>>;
  return Number.isFinite(measuredAt) && Array.isArray(outcomes) && outcomes.every(isOutcome);
}

function isOutcome(value: unknown): value is TrialOutcome {
  const { name, milliseconds, refusal } = (value ?? {}) as Record<string, unknown>;
  const timed = typeof milliseconds === 'number' && milliseconds > 0 && Number.isFinite(milliseconds);
  return typeof name === 'string' && (timed || typeof refusal === 'string');
}

/** The working candidates, fastest first. */
export function ranked(outcomes: readonly TrialOutcome[]): { name: BackendName; milliseconds: number }[] {
  return outcomes
    .filter((outcome) => 'milliseconds' in outcome)
    .toSorted((a, b) => a.milliseconds - b.milliseconds);
}

/** `no GPU adapter; wasm 20.9 ms for a trial step, measured on 2026-11-23` */
export function reasonWords(
  notes: readonly string[],
  { measuredAt, outcomes }: Measurement,
  remembered: boolean,
): string {
  const refusals = outcomes.flatMap((outcome) =>
    'refusal' in outcome ? [`${outcome.name}: ${outcome.refusal.replace(/\.$/, '')}`] : [],
  );
  const times = ranked(outcomes).map(({ name, milliseconds }) => `${name} ${milliseconds.toFixed(1)} ms`);
  const which = times.length > 1 ? `fastest of ${times.join(' and ')}` : times.join('');
  const when = remembered ? `measured on ${new Date(measuredAt).toISOString().slice(0, 10)}` : 'measured now';
  const timed = which === '' ? [] : [`${which} for a trial step, ${when}`];
  return [...notes, ...refusals, ...timed].join('; ');
}
