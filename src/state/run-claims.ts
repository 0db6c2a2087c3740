/**
 * Which tab a kept run belongs to. A tab holds a Web Lock for each run that it has open or offers to resume; another tab
 * leaves such a run alone. The browser frees the locks of a tab that is closed, reloaded or has crashed.
 */

/** A page that was reloaded gives its locks up a moment after the new one begins. */
const PATIENCE_MS = 500;

const releases = new Map<string, () => void>();

/** Takes a run for this tab. @returns false where another tab has it; always true where there are no Web Locks */
export async function claimRun(id: string): Promise<boolean> {
  if (releases.has(id) || typeof navigator === 'undefined' || !('locks' in navigator)) return true;
  return new Promise((resolve) => {
    navigator.locks
      .request(`backdoor-lab/run/${id}`, { signal: AbortSignal.timeout(PATIENCE_MS) }, () => {
        resolve(true);
        return new Promise<void>((release) => releases.set(id, release));
      })
      .catch(() => resolve(false));
  });
}

/** Lets other tabs have it. */
export function releaseRun(id: string): void {
  releases.get(id)?.();
  releases.delete(id);
}
