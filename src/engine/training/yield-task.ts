/**
 * Lets the event loop take one task, so that messages (pause, stop) get in between two steps. A message channel is
 * used where setImmediate is missing: timers are throttled in hidden tabs, messages are not.
 */
export function yieldTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
