import { describe, expect, it } from 'vitest';
import { lab } from './terminal.test-support.ts';

describe('the command line', () => {
  it('helps', async () => {
    const { exitCode, out } = await lab('--help');
    expect([exitCode, out]).toEqual([0, expect.stringContaining('verify')]);
    expect((await lab('run', '--help')).out).toContain('--checkpoint');
  });

  it.each([
    ['nothing', []],
    ['an unknown command', ['ran', 'x.yaml']],
    ['no experiment', ['run']],
    ['two experiments', ['run', 'x.yaml', 'y.yaml']],
    ['an unknown option', ['run', 'x.yaml', '--epochs', '3']],
    ['an unknown backend', ['run', 'x.yaml', '--backend', 'cuda']],
    ['a model of unknown format', ['run', 'x.yaml', '--export', 'model.onnx']],
    ['--halve-lr alone', ['run', 'x.yaml', '--halve-lr']],
    ['--half alone', ['run', 'x.yaml', '--half']],
  ])('%s is a usage error', async (_, args) => {
    const { exitCode, out, err } = await lab(...args);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).not.toBe('');
  });
});
