import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { configToLink } from '../core/config/link.ts';
import { defaultConfig, type ExperimentConfig } from '../core/config/schema.ts';
import type { LabErrorData } from '../core/errors.ts';
import { createExperimentStore } from './experiment-store.ts';
import { openingDraft, startLinkSync, type LinkPorts } from './link-sync.ts';

const withSeed = (seed: number): ExperimentConfig => ({ ...defaultConfig, seed });
const hashOf = (config: ExperimentConfig) => `#${configToLink(config)}`;
const PRESETS = [
  { id: 'first-look', config: withSeed(100) },
  { id: 'other', config: withSeed(200) },
] as const;

function page(hash = '') {
  const state = {
    hash,
    writes: 0,
    stored: new Map<string, string>(),
    warnings: [] as LabErrorData[],
    errors: [] as LabErrorData[],
    listener: null as (() => void) | null,
  };
  const ports: LinkPorts = {
    readHash: () => state.hash,
    writeHash: (next) => {
      state.hash = next;
      state.writes += 1;
    },
    onHashChange: (listener) => {
      state.listener = listener;
      return () => {
        state.listener = null;
      };
    },
    storage: {
      getItem: (key) => state.stored.get(key) ?? null,
      setItem: (key, value) => {
        state.stored.set(key, value);
      },
    },
    warn: (warning) => state.warnings.push(warning),
    fail: (error) => state.errors.push(error),
  };
  return { state, ports };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a fresh page opens with the first preset', () => {
  const { ports } = page();
  expect(openingDraft(ports, [...PRESETS])).toEqual({ config: withSeed(100), presetId: 'first-look' });
});

test('a link comes before the stored draft, and that before the preset', () => {
  const { state, ports } = page();
  const store = createExperimentStore(withSeed(100));
  const sync = startLinkSync(store, ports);
  store.getState().setConfig({ ...withSeed(5), name: 'Mine' }, 'other');
  sync.flush();
  state.hash = '';
  expect(openingDraft(ports, [...PRESETS])).toMatchObject({ config: { seed: 5 }, presetId: 'other' });
  state.hash = hashOf(withSeed(9));
  expect(openingDraft(ports, [...PRESETS])).toMatchObject({ config: { seed: 9 }, presetId: null });
});

test('a reload keeps the name of the preset that the draft was taken from', () => {
  const { ports } = page();
  const store = createExperimentStore(withSeed(100));
  const sync = startLinkSync(store, ports);
  store.getState().setConfig(withSeed(7), 'first-look');
  sync.flush();
  expect(openingDraft(ports, [...PRESETS])).toEqual({ config: withSeed(7), presetId: 'first-look' });
});

test('a link that cannot be read is told with its code, and the page opens all the same', () => {
  const { state, ports } = page('#v1.!!!');
  expect(openingDraft(ports, [...PRESETS]).config).toEqual(withSeed(100));
  expect(state.errors.map((error) => error.code)).toEqual(['E-LINK']);
});

test('an anchor of the page is no link to an experiment', () => {
  const { state, ports } = page('#main');
  expect(openingDraft(ports, [...PRESETS]).presetId).toBe('first-look');
  expect(state.errors).toEqual([]);
});

test('a damaged stored draft is passed over', () => {
  const { state, ports } = page();
  state.stored.set('backdoor-lab/draft', '#v1.zzzz x');
  expect(openingDraft(ports, [...PRESETS]).presetId).toBe('first-look');
});

test('the link is written once the draft rests', () => {
  const { state, ports } = page();
  const store = createExperimentStore(defaultConfig);
  startLinkSync(store, ports);
  const before = state.writes;
  store.getState().setPath('seed', 2);
  vi.advanceTimersByTime(200);
  store.getState().setPath('seed', 3);
  vi.advanceTimersByTime(299);
  expect(state.writes).toBe(before);
  vi.advanceTimersByTime(1);
  expect(state.writes).toBe(before + 1);
  expect(state.hash).toBe(hashOf(withSeed(3)));
});

test('a link that arrives becomes the draft and can be undone; a bad one changes nothing', () => {
  const { state, ports } = page();
  const store = createExperimentStore(defaultConfig);
  startLinkSync(store, ports);
  state.hash = hashOf(withSeed(44));
  state.listener?.();
  expect(store.getState().draft.seed).toBe(44);
  state.hash = '#v9.abc';
  state.listener?.();
  expect(store.getState().draft.seed).toBe(44);
  expect(state.errors[0]?.code).toBe('E-LINK');
  store.getState().undo();
  expect(store.getState().draft).toEqual(defaultConfig);
});

test('a draft between two changes leaves the link at the last good experiment', () => {
  const { state, ports } = page();
  const store = createExperimentStore(defaultConfig);
  const sync = startLinkSync(store, ports);
  store.getState().setPath('training.start_epoch', 4);
  sync.flush();
  expect(state.hash).toBe(hashOf(defaultConfig));
  store.getState().setPath('training.epochs', 6);
  sync.flush();
  expect(state.hash).not.toBe(hashOf(defaultConfig));
});

test('full storage does not keep the link from being written', () => {
  const { state, ports } = page();
  const store = createExperimentStore(defaultConfig);
  const full: LinkPorts = {
    ...ports,
    storage: {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    },
  };
  const sync = startLinkSync(store, full);
  store.getState().setPath('seed', 8);
  sync.flush();
  expect(state.hash).toBe(hashOf(withSeed(8)));
  sync.end();
});
