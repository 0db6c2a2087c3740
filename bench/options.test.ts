import { describe, expect, it } from 'vitest';
import type { LabError } from '../src/core/errors.ts';
import { readOptions, USAGE } from './options.ts';
import { GROUPS } from './workload-list.ts';

describe('the command line of the bench', () => {
  it('without options times all that takes no minutes, everywhere, beside everyone', () => {
    const { only, backends, places, peers, quick, json } = readOptions([]);
    expect(only).toEqual(expect.arrayContaining(['simplenet_step', 'resnet18_step', 'conv3_forward']));
    expect(only).not.toContain('epoch');
    expect({ backends, places, quick, json }).toEqual({
      backends: ['wasm'],
      places: ['node', 'chromium'],
      quick: false,
      json: null,
    });
    expect(peers).toContain('pytorch');
  });

  it('takes lists, groups, and values after a space or an equals sign', () => {
    const options = readOptions([
      '--only=long,kernels',
      '--backend',
      'wasm-simd,webgpu',
      '--where=node',
      '--peers',
      'none',
      '--threads=3',
      '--json',
      'out.json',
    ]);
    expect(options.only).toEqual([...(GROUPS['kernels'] ?? []), 'long']);
    expect(options).toMatchObject({
      backends: ['wasm-simd', 'webgpu'],
      places: ['node'],
      peers: [],
      threads: 3,
      json: 'out.json',
    });
  });

  it.each([
    [['--olny', 'nc_step'], 'E-CONFIG-KEY', 'Did you mean --only?'],
    [['nc_step'], 'E-CONFIG-KEY', ''],
    [['--only', 'nc_stp'], 'E-CONFIG-VALUE', 'Did you mean nc_step?'],
    [['--backend', 'webgl'], 'E-CONFIG-VALUE', 'There is no "webgl"'],
    [['--threads', '0'], 'E-CONFIG-VALUE', 'from 1 to 1024'],
    [['--rounds=many'], 'E-CONFIG-VALUE', 'from 1 to 1000'],
    [['--json'], 'E-CONFIG-VALUE', 'needs a value'],
    [['--json', '--quick'], 'E-CONFIG-VALUE', 'needs a value'],
  ])('refuses %j with %s', (given, code, why) => {
    let thrown: unknown;
    try {
      readOptions(given);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code });
    expect((thrown as LabError).why).toContain(why);
  });

  it('describes every option that it takes', () => {
    for (const option of [
      '--only',
      '--backend',
      '--where',
      '--peers',
      '--threads',
      '--rounds',
      '--quick',
      '--doc',
    ])
      expect(USAGE).toContain(option);
  });
});
