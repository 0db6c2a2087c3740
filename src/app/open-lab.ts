/** What happens once, before the first picture: the draft is found, and the link follows it from then on. */
import { startBackground } from '../state/background.ts';
import { experimentStore } from '../state/experiment-store.ts';
import { openingDraft, startLinkSync, type LinkPorts } from '../state/link-sync.ts';
import { READY_PRESETS } from '../state/presets.ts';
import { notifyError, notifyWarning } from '../ui/notify.tsx';

/** Storage may be forbidden altogether: reading the property itself then throws. */
function pageStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

const ports: LinkPorts = {
  readHash: () => window.location.hash,
  writeHash: (hash) => {
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, '', `${pathname}${search}${hash}`);
  },
  onHashChange: (listener) => {
    window.addEventListener('hashchange', listener);
    return () => {
      window.removeEventListener('hashchange', listener);
    };
  },
  storage: pageStorage(),
  warn: notifyWarning,
  fail: notifyError,
};

let flush: (() => void) | null = null;

export function openLab(): void {
  const [first, ...rest] = READY_PRESETS;
  if (first === undefined) throw new Error('the lab has no preset');
  const { config, presetId } = openingDraft(ports, [first, ...rest]);
  experimentStore.setState({ draft: config, presetId });
  flush = startLinkSync(experimentStore, ports).flush;
  startBackground();
}

/** The address of the draft as it stands at this moment. */
export function currentLink(): string {
  flush?.();
  return window.location.href;
}
