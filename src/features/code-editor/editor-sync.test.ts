import { expect, test } from 'vitest';
import { defaultConfig, experimentSchema, type ExperimentConfig } from '../../core/config/schema.ts';
import { EditorSync, type SyncStatus } from './editor-sync.ts';

const withSeed = (seed: number): ExperimentConfig => ({ ...defaultConfig, seed });

/** JSON stands in for YAML: the rules are the same. */
function bench() {
  const seen = { applied: [] as number[], shown: [] as number[], status: 'in-step' as SyncStatus };
  const sync = new EditorSync(
    {
      read: (text) => {
        try {
          return experimentSchema.parse(JSON.parse(text));
        } catch {
          return null;
        }
      },
      write: (config) => JSON.stringify(config),
      apply: (config) => {
        seen.applied.push(config.seed);
        sync.draftChanged(config); // as the store's subscription does
      },
      show: (text) => seen.shown.push(experimentSchema.parse(JSON.parse(text)).seed),
      status: (status) => {
        seen.status = status;
      },
    },
    defaultConfig,
  );
  return { sync, seen };
}

test('valid text changes the draft once and is not written back over itself', () => {
  const { sync, seen } = bench();
  sync.textChanged('{"seed": 7}');
  sync.textChanged('{ "seed":7 }');
  expect(seen).toEqual({ applied: [7], shown: [], status: 'in-step' });
});

test('a changed form rewrites the text', () => {
  const { sync, seen } = bench();
  sync.draftChanged(withSeed(3));
  expect(seen).toEqual({ applied: [], shown: [3], status: 'in-step' });
});

test('text with mistakes leaves the draft alone, and the form leaves the text alone', () => {
  const { sync, seen } = bench();
  sync.textChanged('{"seed": ');
  expect(seen.status).toBe('invalid');
  sync.draftChanged(withSeed(5));
  expect(seen).toEqual({ applied: [], shown: [], status: 'apart' });
  sync.textChanged('{"seed": -');
  expect(seen.status).toBe('apart');
});

test('mending the text takes it, even after the form moved on', () => {
  const { sync, seen } = bench();
  sync.textChanged('nonsense');
  sync.draftChanged(withSeed(5));
  sync.textChanged('{"seed": 9}');
  expect(seen).toEqual({ applied: [9], shown: [], status: 'in-step' });
});

test('taking the form gives up the text with its mistakes', () => {
  const { sync, seen } = bench();
  sync.textChanged('nonsense');
  sync.draftChanged(withSeed(5));
  sync.takeForm();
  expect(seen).toEqual({ applied: [], shown: [5], status: 'in-step' });
});

test('text with mistakes knows the draft it was written over, so that it can be taken up again', () => {
  const { sync } = bench();
  expect(sync.behind).toBeNull();
  sync.textChanged('{"seed": 7}');
  sync.textChanged('{"seed": ');
  sync.draftChanged(withSeed(5));
  expect(sync.behind?.seed).toBe(7);
  sync.takeForm();
  expect(sync.behind).toBeNull();
});
