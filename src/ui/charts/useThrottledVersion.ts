import { startTransition, useEffect, useState } from 'react';

import { chartUpdates } from './updateQueue.ts';

/**
 * The version of something that changes often, at most `hz` times a second, as a transition (React may interrupt its
 * render for a click), and never in the same macrotask as another chart. `subscribe` and `getVersion` must be stable.
 */
export function useThrottledVersion(
  subscribe: (listener: () => void) => () => void,
  getVersion: () => number,
  hz: number,
): number {
  const [version, setVersion] = useState(getVersion);
  useEffect(() => {
    const client = {
      intervalMs: 1000 / hz,
      update: () => startTransition(() => setVersion(getVersion())),
    };
    const leave = subscribe(() => chartUpdates.request(client));
    chartUpdates.request(client);
    return () => {
      leave();
      chartUpdates.withdraw(client);
    };
  }, [subscribe, getVersion, hz]);
  return version;
}
