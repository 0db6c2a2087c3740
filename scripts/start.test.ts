import { execFile } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

interface Ended {
  exitCode: number;
  out: string;
  err: string;
}

const start = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile('node', ['scripts/start.mjs', ...args], { cwd: root }, (_, out, err) =>
      resolve({ exitCode: child.exitCode ?? -1, out, err }),
    );
  });

describe('npm start', () => {
  it('says that a port is taken, and how to choose another, before it sets anything up', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { exitCode, out, err } = await start('--port', String(port));
    server.close();
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain(`Port ${port} is taken`);
    expect(err).toMatch(/npm start -- --port \d+/);
    expect(err).not.toContain('    at ');
  });

  it.each([
    [['--port', 'x'], '--port takes a number from 1 to 65535, not x.'],
    [['--port=70000'], '--port takes a number from 1 to 65535, not 70000.'],
    [['--port'], '--port takes a number from 1 to 65535.'],
    [['--prot', '5000'], 'There is no option --prot.'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, err } = await start(...args);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('helps', async () => {
    expect(await start('--help')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('--host') as unknown,
    });
  });
});
