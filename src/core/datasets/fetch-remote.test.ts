import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { concatBytes } from '../formats/bytes.ts';
import type { FileCache } from './fetch-remote.ts';
import { fetchRemote } from './fetch-remote.ts';
import type { SourceFile } from './loaders/loader.ts';
import { memoryFile, wholeFile } from './loaders/source-files.ts';
import type { RemoteFile } from './remote.ts';

const contents = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251);
const asked: string[] = [];
let server: Server;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (path === '/good') response.end(contents);
    else if (path === '/short') response.end(contents.subarray(0, 1000));
    else if (path === '/long') response.end(concatBytes([contents, contents]));
    else if (path === '/other') response.end(contents.slice().reverse());
    else if (path === '/hangs') response.write(contents.subarray(0, 1000));
    else if (path === '/silent') void 0;
    else if (path.startsWith('/claims-')) {
      const length = path === '/claims-less' ? 1000 : 10 * contents.length;
      response.writeHead(200, { 'content-length': length });
      response.strictContentLength = false;
      response.write(contents);
      response.socket?.end();
    } else response.writeHead(404).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

/** Counts drafts that were neither kept nor discarded. */
function memoryCache(): FileCache & { files: Map<string, SourceFile>; open: number } {
  const cache = {
    files: new Map<string, SourceFile>(),
    open: 0,
    find: (name: string) => Promise.resolve(cache.files.get(name) ?? null),
    begin: (name: string) => {
      const parts: Uint8Array[] = [];
      cache.open++;
      return Promise.resolve({
        write: (part: Uint8Array) => Promise.resolve(void parts.push(part)),
        finish: () => Promise.resolve(memoryFile(name, concatBytes(parts))),
        keep: () => {
          cache.open--;
          const file = memoryFile(name, concatBytes(parts));
          cache.files.set(name, file);
          return Promise.resolve(file);
        },
        discard: () => Promise.resolve(void cache.open--),
      });
    },
  };
  return cache;
}

const remote = (...paths: string[]): RemoteFile => ({
  name: 'x.bin',
  addresses: paths.map((path) => base + path),
  bytes: contents.length,
  sha256: createHash('sha256').update(contents).digest('hex'),
});
const options = (
  signal = new AbortController().signal,
  onProgress: (done: number, total: number) => void = () => undefined,
) => ({ signal, onProgress });

describe('fetching a data file', () => {
  it('keeps it, tells how far it is, and does not fetch it again', async () => {
    const cache = memoryCache();
    let last = [0, 0];
    const file = await fetchRemote(
      remote('/good'),
      cache,
      options(undefined, (done, total) => (last = [done, total])),
    );
    expect(Buffer.from(await wholeFile(file)).equals(Buffer.from(contents))).toBe(true);
    expect(last).toEqual([contents.length, contents.length]);
    await fetchRemote(remote('/good'), cache, options());
    expect(asked).toEqual(['/good']);
    expect(cache.open).toBe(0);
  });

  it('fetches anew what was changed in the cache', async () => {
    const cache = memoryCache();
    cache.files.set('x.bin', memoryFile('x.bin', contents.slice().reverse()));
    await fetchRemote(remote('/good'), cache, options());
    expect(asked).toEqual(['/good']);
  });

  it('tries the next address where one fails or has another file', async () => {
    const cache = memoryCache();
    await fetchRemote(remote('/missing', '/other', '/good'), cache, options());
    expect(asked).toEqual(['/missing', '/other', '/good']);
    expect(cache.open).toBe(0);
  });

  it.each([
    ['/other', /SHA-256 is [0-9a-f]{64} and should be/],
    ['/short', /ended after 1,000 of 300,000/],
    ['/long', /longer than the 300,000/],
  ])('refuses %s and keeps nothing', async (path, why) => {
    const cache = memoryCache();
    await expect(fetchRemote(remote(path), cache, options())).rejects.toMatchObject({
      code: 'E-DATASET',
      why: expect.stringMatching(why) as unknown,
    });
    expect([cache.files.size, cache.open]).toEqual([0, 0]);
  });

  it('says what each address answered', async () => {
    const file = { ...remote('/missing'), addresses: [`${base}/missing`, 'http://127.0.0.1:9/x'] };
    await expect(fetchRemote(file, memoryCache(), options())).rejects.toMatchObject({
      code: 'E-DATASET-FETCH',
      why: expect.stringMatching(/missing answered 404.*127\.0\.0\.1:9/) as unknown,
    });
  });

  it('gives up a server that stalls, before or within the file, and takes the next one', async () => {
    const cache = memoryCache();
    for (const path of ['/silent', '/hangs']) {
      const given = { ...options(), stallMs: 300 };
      await expect(fetchRemote(remote(path), cache, given)).rejects.toThrow(
        /E-DATASET-FETCH.*sent nothing for 0\.3 seconds/s,
      );
    }
    const file = await fetchRemote(remote('/hangs', '/good'), cache, { ...options(), stallMs: 300 });
    expect(await wholeFile(file)).toEqual(contents);
    expect(cache.open).toBe(0);
  });

  it('is not led by what a server says of the length', async () => {
    for (const path of ['/claims-less', '/claims-more']) {
      const cache = memoryCache();
      await expect(fetchRemote(remote(path), cache, options())).rejects.toMatchObject({
        code: expect.stringMatching(/^E-DATASET/) as string,
      });
      expect([cache.open, cache.files.size]).toEqual([0, 0]);
    }
  });

  it('stops when it is asked to', async () => {
    const cache = memoryCache();
    const stop = new AbortController();
    const fetching = fetchRemote(
      remote('/hangs', '/good'),
      cache,
      options(stop.signal, () => stop.abort()),
    );
    await expect(fetching).rejects.toMatchObject({ code: 'E-CANCELLED' });
    expect([cache.files.size, cache.open]).toEqual([0, 0]);
    expect(asked).toEqual(['/hangs']);
  });
});
