import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchReader } from './read-file.ts';

const contents = Uint8Array.from({ length: 200_000 }, (_, index) => index % 253);
const server = createServer((request, response) => {
  if (request.url === '/data/mnist/a.bin') {
    response.write(contents.subarray(0, 70_000));
    setTimeout(() => response.end(contents.subarray(70_000)), 20);
  } else if (request.url === '/data/slow') {
    response.write('x');
  } else {
    response.writeHead(request.url === '/data/broken' ? 500 : 404).end();
  }
});
let base = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('fetchReader', () => {
  it('reads a file and tells how far it is', async () => {
    const seen: number[] = [];
    const bytes = await fetchReader(base)('mnist/a.bin', { onBytes: (done) => seen.push(done) });
    expect(bytes).toEqual(contents);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toBe(200_000);
  });

  it('names the status of the server', async () => {
    await expect(fetchReader(`${base}/`)('none')).rejects.toThrow(
      /E-DATASET-FETCH: http.*\/data\/none .*404 Not Found/,
    );
    await expect(fetchReader(base)('broken')).rejects.toThrow(/500/);
  });

  it('says when the server cannot be reached', async () => {
    await expect(fetchReader('http://127.0.0.1:1/')('a')).rejects.toThrow(
      /E-DATASET-FETCH.*connection failed/,
    );
  });

  it('is cancelled in the middle', async () => {
    const stop = new AbortController();
    const reading = fetchReader(base)('slow', { signal: stop.signal, onBytes: () => stop.abort() });
    await expect(reading).rejects.toThrow(/E-CANCELLED/);
  });
});
