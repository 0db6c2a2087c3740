/**
 * Keeps the draft, the link and the stored draft together. On load a link comes before the stored draft, and that
 * before the first preset; what cannot be read is told, and the next in line is taken.
 */
import { configFromLink, configToLink } from '../core/config/link.ts';
import { safeParseConfig } from '../core/config/parse.ts';
import type { ExperimentConfig } from '../core/config/schema.ts';
import { asLabError, type LabErrorData } from '../core/errors.ts';
import type { ExperimentStore } from './experiment-store.ts';

const DRAFT_KEY = 'backdoor-lab/draft';
const DELAY_MILLISECONDS = 300;

/** What the page gives: the address, storage that may fail, and a way to tell. */
export interface LinkPorts {
  readHash: () => string;
  /** Replaces the fragment without a new entry in the history. */
  writeHash: (hash: string) => void;
  onHashChange: (listener: () => void) => () => void;
  storage: Pick<Storage, 'getItem' | 'setItem'> | null;
  warn: (warning: LabErrorData) => void;
  fail: (error: LabErrorData) => void;
}

interface Preset {
  id: string;
  config: ExperimentConfig;
}

/** A fragment such as `#v1.…`; other fragments are anchors of the page. */
export const isExperimentHash = (hash: string): boolean => /^#v\d+\./.test(hash);

/** The experiment that a page opens with; presets in their order, the first being the last resort. */
export function openingDraft(
  ports: Pick<LinkPorts, 'readHash' | 'storage' | 'warn' | 'fail'>,
  presets: readonly [Preset, ...Preset[]],
): { config: ExperimentConfig; presetId: string | null } {
  const fromHash = isExperimentHash(ports.readHash()) ? readLink(ports.readHash(), ports) : null;
  const stored = readStored(ports);
  const [first] = presets;
  const config = fromHash ?? stored?.config ?? first.config;
  // A link or draft that is a preset as it stands, or the stored one changed, keeps the preset's name.
  const same = presets.find((preset) => JSON.stringify(preset.config) === JSON.stringify(config));
  const unlinked = fromHash === null || JSON.stringify(fromHash) === JSON.stringify(stored?.config);
  return { config, presetId: same?.id ?? (unlinked ? (stored?.presetId ?? null) : null) };
}

function readLink(hash: string, ports: Pick<LinkPorts, 'warn' | 'fail'>): ExperimentConfig | null {
  try {
    const { config, warnings } = configFromLink(hash);
    warnings.forEach(ports.warn);
    return config;
  } catch (thrown) {
    ports.fail(asLabError(thrown).toData());
    return null;
  }
}

function readStored({
  storage,
}: Pick<LinkPorts, 'storage'>): { config: ExperimentConfig; presetId: string | null } | null {
  try {
    const [link = '', presetId = ''] = (storage?.getItem(DRAFT_KEY) ?? '').split(' ');
    return link === '' ? null : { config: configFromLink(link).config, presetId: presetId || null };
  } catch {
    return null; // an old or damaged draft must not keep the lab from opening
  }
}

/** Writes the draft to the link and the storage when it rests, and takes links that arrive. Returns how to end it. */
export function startLinkSync(
  store: ExperimentStore,
  ports: LinkPorts,
): { flush: () => void; end: () => void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let written = '';

  const write = () => {
    timer = null;
    const { draft, presetId } = store.getState();
    // A draft between two changes (one end of a range given) is no experiment yet; the link keeps the last good one.
    if (!safeParseConfig(draft).ok) return;
    written = `#${configToLink(draft)}`;
    if (ports.readHash() !== written) ports.writeHash(written);
    try {
      ports.storage?.setItem(DRAFT_KEY, `${written} ${presetId ?? ''}`);
    } catch {
      // Storage is full or forbidden: the link still holds the draft.
    }
  };
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    write();
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.draft === before.draft && state.presetId === before.presetId) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(write, DELAY_MILLISECONDS);
  });
  const unlisten = ports.onHashChange(() => {
    const hash = ports.readHash();
    if (hash === written || !isExperimentHash(hash)) return;
    const config = readLink(hash, ports);
    if (config !== null) store.getState().setConfig(config);
  });
  write();
  return {
    flush,
    end: () => {
      if (timer !== null) clearTimeout(timer);
      unsubscribe();
      unlisten();
    },
  };
}
