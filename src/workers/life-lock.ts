/**
 * How a page learns that a worker died. A crash or an out-of-memory kill raises no event, but a Web Lock that the worker
 * holds is freed; the page waits for it.
 */

/** Takes a lock that lasts as long as this worker. @returns its name, or null where there are no Web Locks */
export async function holdLock(): Promise<string | null> {
  if (!('locks' in navigator)) return null;
  const name = `backdoor-lab/worker/${crypto.randomUUID()}`;
  await new Promise<void>((taken) => {
    void navigator.locks.request(name, () => {
      taken();
      return new Promise<never>(() => undefined);
    });
  });
  return name;
}

/** Calls `onDeath` once the holder of the lock is gone, unless the signal aborts first. */
export function watchLock(name: string, signal: AbortSignal, onDeath: () => void): void {
  navigator.locks.request(name, { signal }, onDeath).catch(() => undefined); // aborted: the worker was ended on purpose
}
