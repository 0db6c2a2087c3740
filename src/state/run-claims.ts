/**
 * Which tab a kept run belongs to. A tab holds a Web Lock for each run that it has open or offers to resume; another tab
 * leaves such a run alone. The browser frees the locks of a tab that is closed, reloaded or has crashed.
 */

/** How long another page's lock is waited for: it may belong to a tab that is closing. */
const PATIENCE_MS = 500;
/** The same for a run that this tab had open before it was reloaded: a busy browser gives it up late. */
const OWN_PATIENCE_MS = 10_000;
/** Where the tab remembers its runs over a reload; each tab has its own. */
const OWN_RUNS = 'backdoor-lab/runs';

const releases = new Map<string, () => void>();
const before = new Set(remembered());

/** Takes a run for this tab. @returns false where another tab has it; always true where there are no Web Locks */
export async function claimRun(id: string): Promise<boolean> {
  if (releases.has(id) || typeof navigator === 'undefined' || !('locks' in navigator)) return true;
  const patience = before.has(id) ? OWN_PATIENCE_MS : PATIENCE_MS;
  return new Promise((resolve) => {
    navigator.locks
      .request(`backdoor-lab/run/${id}`, { signal: AbortSignal.timeout(patience) }, () => {
        resolve(true);
        return new Promise<void>((release) => {
          releases.set(id, release);
          remember();
        });
      })
      .catch(() => resolve(false));
  });
}

/** Lets other tabs have it. */
export function releaseRun(id: string): void {
  releases.get(id)?.();
  releases.delete(id);
  before.delete(id);
  remember();
}

function remember(): void {
  try {
    sessionStorage.setItem(OWN_RUNS, JSON.stringify([...releases.keys()]));
  } catch {
    // Without storage a reload waits no longer than another tab would.
  }
}

function remembered(): string[] {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(OWN_RUNS) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
