/** A worker as a line to send on and to listen to, in messages of any kind. */
export function workerLine<To, From>(worker: Worker) {
  return {
    post: (message: To, transfer: Transferable[] = []) => worker.postMessage(message, transfer),
    listen: (listener: (message: From) => void) => {
      worker.onmessage = ({ data }: MessageEvent<From>) => listener(data);
    },
    onError: (listener: (why: string) => void) => {
      worker.onerror = (event) => {
        event.preventDefault();
        listener(event.message || 'It could not be started.');
      };
      worker.onmessageerror = () => listener('A message could not be read.');
    },
    terminate: () => worker.terminate(),
  };
}
