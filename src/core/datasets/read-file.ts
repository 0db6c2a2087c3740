/** How data files are read: over HTTP here, from a folder in the terminal, from memory in tests. */
import { asSentence, messageOf } from '../error-words.ts';
import { cancelledError, LabError } from '../errors.ts';
import { concatBytes } from '../formats/bytes.ts';

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Called with the bytes of this file that have come so far. */
  onBytes?: ((done: number) => void) | undefined;
}

/** Reads a file by its path below the root of the data, such as `mnist/manifest.json`. */
export type ReadFile = (path: string, options?: ReadOptions) => Promise<Uint8Array>;

/**
 * Reads files below `baseUrl` with `fetch`.
 * Throws E-DATASET-FETCH with the HTTP status, or that the server cannot be reached; E-CANCELLED when aborted.
 */
export function fetchReader(baseUrl: string): ReadFile {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  return async (path, { signal, onBytes } = {}) => {
    const url = base + path;
    try {
      const response = await fetch(url, signal === undefined ? {} : { signal });
      if (!response.ok) throw statusError(url, response);
      if (response.body === null) return new Uint8Array(await response.arrayBuffer());
      const reader = response.body.getReader();
      const parts: Uint8Array[] = [];
      let done = 0;
      for (;;) {
        const part = await reader.read();
        if (part.done) return concatBytes(parts);
        parts.push(part.value);
        done += part.value.length;
        onBytes?.(done);
      }
    } catch (cause) {
      if (signal?.aborted === true) throw cancelledError();
      if (cause instanceof LabError) throw cause;
      throw new LabError(
        {
          code: 'E-DATASET-FETCH',
          what: `${url} cannot be fetched.`,
          why: asSentence(`The connection failed: ${messageOf(cause)}`),
          fix: 'Check that the lab’s server is running (or that you are online), then try again.',
          where: url,
        },
        { cause },
      );
    }
  };
}

function statusError(url: string, { status, statusText }: Response): LabError {
  return new LabError({
    code: 'E-DATASET-FETCH',
    what: `${url} cannot be fetched.`,
    why: `The server answered ${`${status} ${statusText}`.trim()}.`,
    fix:
      status === 404
        ? 'Check the name of the data set; `npm start` prepares those of the lab.'
        : 'Try again in a moment.',
    where: url,
  });
}
