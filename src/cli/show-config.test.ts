import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab } from './terminal.test-support.ts';

const at = temporaryFolder('config');

describe('lab config', () => {
  it('converts an experiment of Backdoors 101 to YAML that reads the same', async () => {
    const theirs = fileURLToPath(new URL('../../configs/mnist_params.yaml', import.meta.url));
    const { exitCode, out, err } = await lab('config', theirs, '--set', 'epochs=3', '--complete');
    expect([exitCode, err]).toEqual([0, expect.stringContaining('random_seed')]);
    const converted = at('converted.yaml');
    await writeFile(converted, out);
    expect(out).toContain('epochs: 3');
    expect(await lab('config', converted, '--complete')).toEqual({ exitCode: 0, out, err: '' });
    expect((await lab('config', theirs, '--link')).out).toMatch(/^#v1\.[\w-]+\n$/);
  });
});
