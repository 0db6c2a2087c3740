/** The sentences of the status bar. */
import { asSentence } from '../../core/error-words.ts';
import type { BackendReport, MemoryReport } from '../../core/experiment/events.ts';
import type { RunPhase } from '../../state/run-store.ts';
import { formatBytes, formatCount, formatDuration, formatMilliseconds } from '../../ui/format.ts';

/** Early steps pay for warming up, so an estimate from them would mislead. */
const STEPS_BEFORE_ESTIMATE = 10;

export function backendWords(backend: BackendReport | null): { short: string; details: string } {
  if (backend === null) {
    return {
      short: 'Choosing the backend',
      details: 'The lab tries what is there and takes the fastest that computes correctly.',
    };
  }
  const test =
    backend.selfTestError === null
      ? ''
      : `Self-test: within ${backend.selfTestError.toExponential(1)} of the cpu backend.`;
  return {
    short: backend.reason === '' ? backend.label : `${backend.label} (${backend.reason})`,
    details: [`${backend.label}: ${asSentence(backend.reason)}`, test]
      .filter((part) => part !== '')
      .join(' '),
  };
}

/** While the data streams in; null when all of it has come. */
export function dataWords(title: string | null, loaded: { done: number; total: number }): string | null {
  if (title === null || loaded.done >= loaded.total) return null;
  return `${title}: ${formatCount(loaded.done)} of ${formatCount(loaded.total)} examples`;
}

/** How many threads share the steps; null where a GPU or nothing computes. */
export function threadWords(backend: BackendReport | null, threads: number | null): string | null {
  if (backend?.name !== 'wasm' || threads === null) return null;
  return threads === 1 ? '1 thread' : `${formatCount(threads)} threads`;
}

export function paceWords(stepMilliseconds: number | null): string | null {
  return stepMilliseconds === null ? null : `${formatMilliseconds(stepMilliseconds)}/step`;
}

export function memoryWords(memory: MemoryReport | null): string | null {
  if (memory === null) return null;
  const of = memory.allocatedBytes === null ? '' : ` of ${formatBytes(memory.allocatedBytes)}`;
  return `${formatCount(memory.tensors)} tensors, ${formatBytes(memory.usedBytes)}${of}`;
}

/** The estimate; null when there is nothing to estimate, or too little to estimate from. */
export function secondsLeftWords(phase: RunPhase, step: number, secondsLeft: number | null): string | null {
  if (phase === 'paused') return 'Paused';
  if (phase !== 'running' || secondsLeft === null || step < STEPS_BEFORE_ESTIMATE) return null;
  return `${formatDuration(secondsLeft)} left`;
}

/** The way on after a loss that is not finite: as a sentence, and as the button that takes it. */
export function wayOnFromNan(goesBack: boolean): { fix: string; label: string } {
  return goesBack
    ? {
        fix: 'The last checkpoint would lead here again: go back further, at half the learning rate.',
        label: 'Go back further, at half the learning rate',
      }
    : {
        fix: 'Go on from the last checkpoint at half the learning rate.',
        label: 'Go on from the last checkpoint at half the learning rate',
      };
}
