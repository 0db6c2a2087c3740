/** The experiments of Backdoors 101 as they ship, in a place without their data. */
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab } from './terminal.test-support.ts';

const at = temporaryFolder('configs-101');
beforeEach(() => {
  process.env.BACKDOOR_LAB_CACHE = at('cache');
});

const SHIPPED = [
  ['cifar10_params', /E-DATASET: CIFAR-10 is not here yet\..*lab data fetch cifar10/s, ['save_on_epochs']],
  ['cifar_fed', /E-DATASET: CIFAR-10 is not here yet\..*lab data fetch cifar10/s, []],
  [
    'imagenet_params',
    /E-DATASET: ImageNet is not here yet\..*image-net\.org.*lab data add FOLDER --name imagenet --size 224/s,
    ['pretrained'],
  ],
  [
    'pipa_params',
    /E-DATASET: PIPA is not here yet\..*annotations\/index\.txt.*lab data add FOLDER --name pipa --size 224/s,
    ['pretrained', 'task'],
  ],
] as const;

describe('the configs of Backdoors 101', () => {
  it.each(SHIPPED)('%s loads, with a warning for what is not honoured', async (name, _, keys) => {
    const { exitCode, out, err } = await lab('config', `configs/${name}.yaml`);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^version: 1\n/);
    expect(err).not.toContain('fl_');
    for (const key of keys) expect(err).toMatch(new RegExp(`warning E-CONFIG-(KEY|VALUE): ${key}: `));
  });

  it.each(SHIPPED)('%s says what to fetch and where to put it', async (name, message) => {
    const { exitCode, err } = await lab(
      'run',
      `configs/${name}.yaml`,
      '--checkpoint',
      at(`${name}.checkpoint`),
    );
    expect(exitCode).toBe(1);
    expect(err).toMatch(message);
  });
});
