import { expect, test } from 'vitest';
import {
  backendWords,
  dataWords,
  memoryWords,
  paceWords,
  secondsLeftWords,
  threadWords,
  wayOnFromNan,
} from './status-words.ts';

test('the backend says what it is and why, with the self-test and timings in the details', () => {
  const words = backendWords({
    name: 'wasm',
    label: 'WebAssembly, relaxed SIMD',
    reason: 'no GPU adapter; wasm 21.2 ms for a trial step, measured on 2026-11-23',
    selfTestError: 0.0000031,
    timings: { wasm: 21.2 },
  });
  expect(words.short).toBe(
    'WebAssembly, relaxed SIMD (no GPU adapter; wasm 21.2 ms for a trial step, measured on 2026-11-23)',
  );
  expect(words.details).toBe(
    'WebAssembly, relaxed SIMD: no GPU adapter; wasm 21.2 ms for a trial step, measured on 2026-11-23. Self-test: within 3.1e-6 of the cpu backend.',
  );
  expect(backendWords(null).short).toMatch(/Choosing/);
});

test('memory shows what is used and what is held', () => {
  expect(memoryWords({ tensors: 1042, usedBytes: 34e6, allocatedBytes: 67e6 })).toBe(
    '1,042 tensors, 34 MB of 67 MB',
  );
  expect(memoryWords({ tensors: 9, usedBytes: 512, allocatedBytes: null })).toBe('9 tensors, 512 B');
  expect(memoryWords(null)).toBeNull();
});

test('no estimate from the first ten steps, none when nothing runs', () => {
  expect(secondsLeftWords('running', 9, 41)).toBeNull();
  expect(secondsLeftWords('running', 10, 41)).toBe('0:41 left');
  expect(secondsLeftWords('done', 100, 0)).toBeNull();
  expect(secondsLeftWords('paused', 100, 41)).toBe('Paused');
  expect(secondsLeftWords('running', 100, null)).toBeNull();
});

test('the pace is in milliseconds a step', () => {
  expect(paceWords(21.3)).toBe('21 ms/step');
  expect(paceWords(null)).toBeNull();
});

test('data that streams in is counted until all of it has come', () => {
  expect(dataWords('MNIST', { done: 5000, total: 70000 })).toBe('MNIST: 5,000 of 70,000 examples');
  expect(dataWords('MNIST', { done: 70000, total: 70000 })).toBeNull();
  expect(dataWords(null, { done: 0, total: 0 })).toBeNull();
});

test('threads are told where the processor computes', () => {
  const wasm = { name: 'wasm', label: '', reason: '', selfTestError: 0, timings: {} } as const;
  expect(threadWords(wasm, 2)).toBe('2 threads');
  expect(threadWords(wasm, 1)).toBe('1 thread');
  expect(threadWords(wasm, null)).toBeNull();
  expect(threadWords({ ...wasm, name: 'webgpu' }, 1)).toBeNull();
  expect(threadWords(null, 2)).toBeNull();
});

test('the sentence and the button of a loss that is no number name the same way', () => {
  for (const goesBack of [true, false]) {
    const { fix, label } = wayOnFromNan(goesBack);
    expect(fix.toLowerCase()).toContain(label.toLowerCase());
  }
});
