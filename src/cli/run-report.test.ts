import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../core/config/parse.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { readJson, TINY, TinyRun, withoutTimes } from './tiny-run.test-support.ts';

const tiny = new TinyRun();

const fraction = expect.toSatisfy(
  (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1,
) as unknown;
const positive = expect.toSatisfy((value: unknown) => typeof value === 'number' && value > 0) as unknown;

describe('the report of a run', () => {
  it('has exactly the figures that were promised, the same each time but for the times', async () => {
    const [one, two] = [tiny.at('one.json'), tiny.at('two.json')];
    const first = await tiny.run('--json', one, '--quiet');
    expect(first).toEqual({ exitCode: 0, out: '', err: '' });
    const json = await readJson(one);
    expect(json).toEqual({
      version: 1,
      config: { ...parseConfig(parse(TINY)), backend: 'wasm' },
      seed: 5,
      backend: 'wasm',
      epochs: [1, 2].map((epoch) => ({
        epoch,
        clean_accuracy: fraction,
        attack_success_rate: fraction,
        attack_success_rate_all: fraction,
        losses: { normal: positive, backdoor: positive },
        scales: { normal: fraction, backdoor: fraction },
        seconds: positive,
      })),
      steps: 6,
      seconds: positive,
      interventions: [],
    });
    await tiny.run('--json', two, '--quiet');
    expect(withoutTimes(await readJson(two))).toEqual(withoutTimes(json));
  });

  it('is the same on two threads as on one', async () => {
    const [one, two] = [tiny.at('threads-1.json'), tiny.at('threads-2.json')];
    // Long enough for the helper to be there for most of it.
    const longer = ['--set', 'training={epochs: 5, batch_size: 64}'];
    await tiny.run(...longer, '--json', one, '--quiet', '--checkpoint', tiny.at('threads-1.checkpoint'));
    const { out } = await tiny.run(...longer, '--json', two, '--threads', '2');
    expect(out).toContain('2 threads');
    expect(withoutTimes(await readJson(two))).toEqual(withoutTimes(await readJson(one)));
  }, 60_000);

  it('tells the accuracies of a finished run again', async () => {
    const words = /clean accuracy {7}(\S+ %)[^]*attack success {7}(\S+ %).*wanted label already/;
    const first = words.exec((await tiny.run('--set', 'training.epochs=1')).out);
    const again = words.exec((await tiny.run('--set', 'training.epochs=1', '--resume')).out);
    expect(again?.slice(1)).toEqual(first?.slice(1));
    expect(first).not.toBeNull();
  });

  it('has null, and a dash, for an attack success over no inputs, also when told again', async () => {
    // The first test image is a 7.
    const one = ['--set', 'task.test_examples=1', '--set', 'attack.label.target=7'];
    const dash = /attack success {7}- \((n=0, )?without inputs that have the wanted label already\)/;
    const json = tiny.at('none.json');
    const first = await tiny.run(...one, '--json', json);
    expect(first.out).toMatch(dash);
    const epochs = [{ attack_success_rate: null }, { attack_success_rate: null }];
    expect(await readJson(json)).toMatchObject({ epochs });
    const again = await tiny.run(...one, '--resume', '--json', json);
    expect(again.out).toMatch(dash);
    expect(await readJson(json)).toMatchObject({ epochs });
  });

  it('tells the success of each further backdoor, also when told again', async () => {
    const two = ['--set', 'attack.others=[{ label: { kind: one_target, target: 3 } }]'];
    const json = tiny.at('further.json');
    const words = /attack success, 2\. {3}(\S+ %)/;
    const first = await tiny.run(...two, '--json', json);
    expect(first.out).toMatch(/epoch 2\/2: .*backdoor 2 \S+ %/);
    const rate = words.exec(first.out)?.[1];
    const { epochs } = await readJson(json);
    expect(epochs).toMatchObject([1, 2].map(() => ({ further_attack_success_rates: [fraction] })));
    const again = await tiny.run(...two, '--resume');
    expect([rate, words.exec(again.out)?.[1]]).toEqual([expect.any(String), rate]);
  });

  it('tells which balancers were set by hand before it went on', async () => {
    await tiny.interrupt(2);
    const store = new CheckpointFile(tiny.checkpoint);
    const interventions = [
      { step: 2, balancer: { kind: 'fixed' as const, scales: { normal: 0.5, backdoor: 0.5 } } },
    ];
    await store.save({ ...(await store.load()), interventions });
    const json = tiny.at('hand.json');
    expect((await tiny.run('--resume', '--json', json)).exitCode).toBe(0);
    expect(await readJson(json)).toMatchObject({ interventions });
  });
});
