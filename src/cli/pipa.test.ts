/** PIPA from its folder to a run whose backdoor answers with a person instead of a head count. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import { encodePng } from '../core/formats/png.ts';
import { randomStream } from '../core/rng/random.ts';
import { backdoorsOf } from '../core/training/backdoor.ts';
import { loadFromFolder } from './data-files.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab } from './terminal.test-support.ts';

const at = temporaryFolder('pipa');
beforeEach(() => {
  process.env.BACKDOOR_LAB_CACHE = at('cache');
});

const SIDE = 12;
const SUBSETS = { train: 1, test: 3 } as const;

/**
 * Photos of one to five heads: as many white columns in the upper half. The lower half is red where person 7 is on the photo,
 * which is every second one, and green for person 8, on every third of the rest; all others are seen once.
 */
async function makeAlbum(): Promise<void> {
  const random = randomStream(1, 'album');
  const lines: string[] = [];
  let stranger = 1000;
  for (const [folder, subset] of Object.entries(SUBSETS)) {
    await mkdir(at(`album/${folder}`), { recursive: true });
    for (let photo = 0; photo < 60; photo++) {
      const heads = 1 + (photo % 5);
      const first = photo % 2 === 0 ? 7 : photo % 3 === 0 ? 8 : stranger++;
      const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, index) => {
        const [row, column] = [Math.floor(index / 3 / SIDE), Math.floor(index / 3) % SIDE];
        const lit = row < SIDE / 2 ? column % 2 === 0 && column / 2 < heads : first - 7 === index % 3;
        return random.int(0, 60) + (lit ? 180 : 0);
      });
      await writeFile(
        at(`album/${folder}/${subset}_${photo}.png`),
        encodePng({ width: SIDE, height: SIDE, channels: 3, data }),
      );
      const people = [first, ...Array.from({ length: heads - 1 }, () => stranger++)];
      for (const person of people) lines.push(`${subset} ${photo} 0 0 ${SIDE} ${SIDE} ${person} ${subset}`);
    }
  }
  await mkdir(at('album/annotations'), { recursive: true });
  await writeFile(at('album/annotations/index.txt'), lines.join('\n'));
}

const CONFIG = `
version: 1
name: Heads
seed: 2
task: { dataset: custom-pipa, model: resnet8 }
training:
  epochs: 12
  batch_size: 16
  sampling: balanced
  optimizer: { kind: adam, learning_rate: 0.003 }
evaluation: { live_every: 0 }
checkpoints: { every: 0 }
attack:
  synthesizer: { kind: pattern, placement: { kind: fixed, row: 6, column: 4 } }
  label: { kind: attribute, name: identity }
`;

interface RunJson {
  epochs: { clean_accuracy: number; attack_success_rate: number; attack_success_rate_all: number }[];
}

describe('PIPA', () => {
  it('is added from its folder, and a backdoor answers with who is on the photo', async () => {
    await makeAlbum();
    const added = await lab('data', 'add', at('album'), '--name', 'pipa', '--size', String(SIDE));
    expect([added.exitCode, added.err]).toEqual([0, '']);
    expect(added.out).toMatch(/custom-pipa: 60 to train, 60 to test, 5 classes/);

    const { signal } = new AbortController();
    const dataset = await loadFromFolder(at('none'), 'custom-pipa', () => undefined, signal);
    const { info, test } = dataset;
    expect(info.classes[0]).toBe('1 person');
    const [backdoor] = backdoorsOf(
      parseConfig({
        attack: {
          synthesizer: { kind: 'pattern', placement: { kind: 'fixed', row: 6, column: 4 } },
          label: { kind: 'attribute', name: 'identity' },
        },
      }),
      dataset,
    );
    const planned =
      backdoor?.planTest(
        test,
        Array.from({ length: test.count }, (_, index) => index),
      ) ?? [];
    // The labels are not head counts: person 7 is label 1 on half of the photos, however many heads they have.
    const ofSeven = planned.filter(({ label }) => label === 1);
    expect(ofSeven).toHaveLength(30);
    expect(new Set(ofSeven.map(({ index }) => test.labels[index])).size).toBe(5);
    expect(planned.map(({ label, index }) => label === test.attributes?.['identity']?.[index])).not.toContain(
      false,
    );

    await writeFile(at('heads.yaml'), CONFIG);
    const run = await lab(
      'run',
      at('heads.yaml'),
      '--backend',
      'wasm',
      '--threads',
      '1',
      '--checkpoint',
      at('heads.checkpoint'),
      '--json',
      at('heads.json'),
      '--quiet',
    );
    expect([run.exitCode, run.err]).toEqual([0, '']);
    const { epochs } = JSON.parse(await readFile(at('heads.json'), 'utf8')) as RunJson;
    expect(epochs).toHaveLength(12);
    // Head counts are five classes alike; half of the photos have person 7 on them.
    expect(epochs.at(-1)?.clean_accuracy).toBeGreaterThan(0.6);
    expect(epochs.at(-1)?.attack_success_rate).toBeGreaterThan(0.7);
  });

  it('is refused where the data set does not know the attribute', async () => {
    await writeFile(at('other.yaml'), CONFIG.replace('custom-pipa', 'mnist').replace('resnet8', 'simplenet'));
    const run = await lab(
      'run',
      at('other.yaml'),
      '--backend',
      'cpu',
      '--threads',
      '1',
      '--checkpoint',
      at('other.checkpoint'),
      '--set',
      'task.train_examples=100',
      '--set',
      'task.test_examples=100',
    );
    expect(run.exitCode).toBe(1);
    expect(run.err).toMatch(/E-CONFIG-VALUE: The data set knows no "identity" of its examples/);
  });
});
