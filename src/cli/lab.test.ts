/** The whole command line on a tiny part of MNIST, in this process; signals, in one of their own. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { weightsFromLayersModel } from '../core/formats/layers-model.ts';
import { readSafetensors } from '../core/formats/safetensors.ts';
import type { RunOptions } from './run.ts';
import { defaultCheckpointPath, run } from './run.ts';
import { parseConfig } from '../core/config/parse.ts';
import { lab, TestTerminal } from './terminal.test-support.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const TINY = `
version: 1
name: Tiny
seed: 5
task: { train_examples: 400, test_examples: 100 }
training: { epochs: 2, max_batches: 3, batch_size: 16, optimizer: { kind: adam } }
evaluation: { live_every: 0 }
checkpoints: { every: 0 }
`;

let folder = '';
let experiment = '';
let checkpoint = '';
let runs = 0;
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lab-run-'));
  experiment = at('tiny.yaml');
  await writeFile(experiment, TINY);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  checkpoint = at(`${++runs}.checkpoint`);
});

const labRun = (...args: string[]) =>
  lab('run', experiment, '--backend', 'wasm', '--checkpoint', checkpoint, ...args);

interface RunJson {
  config: unknown;
  seconds: number;
  epochs: { seconds: number }[];
}

const readJson = async (file: string): Promise<RunJson> =>
  JSON.parse(await readFile(file, 'utf8')) as RunJson;

const withoutTimes = ({ epochs, ...rest }: RunJson): unknown => ({
  ...rest,
  seconds: 0,
  epochs: epochs.map((epoch) => ({ ...epoch, seconds: 0 })),
});

const fraction = expect.toSatisfy(
  (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1,
) as unknown;
const positive = expect.toSatisfy((value: unknown) => typeof value === 'number' && value > 0) as unknown;

/** Runs until `steps` steps are done, then presses Ctrl-C. */
async function interrupted(steps: number, more: Partial<RunOptions> = {}) {
  const terminal = new TestTerminal();
  const exitCode = await run(
    experiment,
    { set: [], backend: 'wasm', checkpoint, ...more },
    terminal,
    (event) => {
      if (event.type === 'step' && event.record.step === steps) terminal.stop();
    },
  );
  return { exitCode, terminal };
}

describe('lab run', () => {
  it('writes exactly the figures that were promised, the same each time but for the times', async () => {
    const [one, two] = [at('one.json'), at('two.json')];
    const first = await labRun('--json', one, '--quiet');
    expect(first).toEqual({ exitCode: 0, out: '', err: '' });
    const json = await readJson(one);
    expect(json).toEqual({
      version: 1,
      config: { ...parseConfig((await import('yaml')).parse(TINY)), backend: 'wasm' },
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
    });
    await labRun('--json', two, '--quiet');
    expect(withoutTimes(await readJson(two))).toEqual(withoutTimes(json));
  });

  it('goes on after Ctrl-C as if it had never stopped, bit for bit', async () => {
    const [whole, parts] = [at('whole.safetensors'), at('parts.safetensors')];
    const [wholeJson, partsJson] = [at('whole.json'), at('parts.json')];
    await labRun('--export', whole, '--json', wholeJson);
    checkpoint = at('stopped.checkpoint');
    const { exitCode, terminal } = await interrupted(4, { export: parts });
    expect(exitCode).toBe(130);
    expect(terminal.errText).toContain(`Stopped at step 4; the checkpoint is ${checkpoint}`);
    expect(terminal.errText).toContain('--resume');
    await expect(stat(parts)).rejects.toThrow();
    const resumed = await labRun('--resume', '--export', parts, '--json', partsJson);
    expect([resumed.exitCode, resumed.err]).toEqual([0, '']);
    expect(resumed.out).toContain('going on after step 4');
    expect((await readFile(parts)).equals(await readFile(whole))).toBe(true);
    expect(withoutTimes(await readJson(partsJson))).toEqual(withoutTimes(await readJson(wholeJson)));
  });

  it('ends at once at a second Ctrl-C', async () => {
    const terminal = new TestTerminal();
    await run(experiment, { set: [], backend: 'wasm', checkpoint }, terminal, (event) => {
      if (event.type !== 'step' || event.record.step !== 1) return;
      terminal.stop();
      terminal.stop();
    });
    expect(terminal.exits).toEqual([130]);
  });

  it('adds epochs to a finished run, and refuses another experiment by its keys', async () => {
    await labRun('--set', 'training.epochs=1');
    const longer = await labRun('--resume', '--json', at('longer.json'));
    expect(longer.exitCode).toBe(0);
    expect((await readJson(at('longer.json'))).epochs).toHaveLength(2);
    const other = await labRun('--resume', '--set', 'seed=6', '--set', 'training.batch_size=8');
    expect(other.exitCode).toBe(1);
    expect(other.err).toContain(
      'E-CHECKPOINT: The checkpoint was made by another experiment: seed, training.batch_size',
    );
  });

  it('refuses a checkpoint that is cut short, and leaves it', async () => {
    await labRun('--set', 'training.epochs=0');
    const { size } = await stat(checkpoint);
    await truncate(checkpoint, size - 1);
    const { exitCode, err } = await labRun('--resume');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('error E-CHECKPOINT')]);
    expect((await stat(checkpoint)).size).toBe(size - 1);
    const none = await lab('run', experiment, '--resume', '--checkpoint', at('nowhere'));
    expect([none.exitCode, none.err]).toEqual([1, expect.stringContaining('error E-CHECKPOINT')]);
  });

  it('moves an unfinished run out of the way of a new one', async () => {
    await interrupted(2);
    const kept = await readFile(checkpoint);
    const { exitCode, err } = await labRun('--set', 'training.epochs=0');
    expect([exitCode, err]).toEqual([0, expect.stringContaining('an unfinished run at step 2')]);
    expect((await readFile(`${checkpoint}.previous`)).equals(kept)).toBe(true);
    await interrupted(1);
    const again = await labRun('--set', 'training.epochs=0');
    expect(again.err).toContain(`it is now ${checkpoint}.previous-2.`);
    expect((await readFile(`${checkpoint}.previous`)).equals(kept)).toBe(true);
  });

  it('never moves or writes over what is no checkpoint', async () => {
    const notes = at('notes.txt');
    await writeFile(notes, 'mine');
    const model = at('mine.safetensors');
    await labRun('--set', 'training.epochs=0', '--export', model);
    const before = await readFile(model);
    for (const file of [notes, model, '/dev/null']) {
      const { exitCode, err } = await lab('run', experiment, '--checkpoint', file);
      expect([file, exitCode, err]).toEqual([file, 1, expect.stringContaining('error E-CHECKPOINT')]);
    }
    expect(await readFile(notes, 'utf8')).toBe('mine');
    expect((await readFile(model)).equals(before)).toBe(true);
    const inFolder = await lab('run', experiment, '--checkpoint', folder);
    expect([inFolder.exitCode, inFolder.err]).toEqual([1, expect.stringContaining('error E-STORAGE')]);
    const underFile = await lab('run', experiment, '--checkpoint', path.join(notes, 'x/y'));
    expect([underFile.exitCode, underFile.err]).toEqual([1, expect.stringContaining('error E-STORAGE')]);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it.each<[string, (name: (file: string) => string) => string[]]>([
    ['the experiment as checkpoint', (file) => ['--checkpoint', file('tiny.yaml')]],
    ['the experiment as numbers', (file) => ['--json', file('none/../tiny.yaml')]],
    ['one file for two', (file) => ['--json', file('new/x.zip'), '--export', file('./new/x.zip')]],
  ])('refuses %s', async (_, args) => {
    const { exitCode, err } = await labRun(...args((file) => `${folder}/${file}`));
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/error E-STORAGE: .* cannot be both/)]);
    expect(await readFile(experiment, 'utf8')).toBe(TINY);
  });

  it('tells the accuracies of a finished run again', async () => {
    const words = /clean accuracy {7}(\S+ %)[^]*attack success {7}(\S+ %).*wanted label already/;
    const first = words.exec((await labRun('--set', 'training.epochs=1')).out);
    const again = words.exec((await labRun('--set', 'training.epochs=1', '--resume')).out);
    expect(again?.slice(1)).toEqual(first?.slice(1));
    expect(first).not.toBeNull();
  });

  it('stops at a loss that is not a number, and goes on at half the learning rate', async () => {
    const wild = [
      'training.optimizer={kind: sgd, learning_rate: 100, weight_decay: 1}',
      'attack.injection.balancer={kind: fixed, scales: {normal: 1000, backdoor: 1000}}',
      'checkpoints.every=1',
    ].flatMap((setting) => ['--set', setting]);
    const first = await labRun(...wild);
    expect(first.exitCode).toBe(1);
    expect(first.err).toContain('error E-NAN: At step');
    expect(first.err).toContain('--resume --halve-lr');
    const again = await labRun(...wild, '--resume', '--halve-lr');
    expect([0, 1]).toContain(again.exitCode);
    const { metadata } = readSafetensors(new Uint8Array(await readFile(checkpoint)));
    expect(JSON.parse(metadata['checkpoint'] ?? '')).toMatchObject({ learningRateFactor: 0.5 });
  });

  it('starts from a model that it exported, in both formats', async () => {
    const [file, zip, half] = [at('model.safetensors'), at('model.zip'), at('half.safetensors')];
    await labRun('--export', file);
    const none = ['--set', 'training.epochs=0'];
    expect((await labRun('--weights', file, ...none, '--export', zip)).exitCode).toBe(0);
    expect((await labRun('--weights', zip, ...none, '--export', at('back.safetensors'))).exitCode).toBe(0);
    expect((await labRun('--weights', file, ...none, '--export', half, '--half')).exitCode).toBe(0);
    const tensors = async (name: string) =>
      readSafetensors(new Uint8Array(await readFile(name))).tensors.map(({ data }) =>
        Buffer.from(data).toString('hex'),
      );
    expect((await tensors(at('back.safetensors'))).join() === (await tensors(file)).join()).toBe(true);
    expect(weightsFromLayersModel(new Uint8Array(await readFile(zip))).inputShape).toEqual([28, 28, 1]);
    expect((await stat(half)).size).toBeLessThan(0.6 * (await stat(file)).size);
  });
});

describe('bad input', () => {
  const failing: [string, string[], RegExp][] = [
    ['an unknown key', ['--set', 'training.epoch=3'], /E-CONFIG-KEY: .*epoch[\s\S]*Did you mean epochs\?/],
    ['a value out of range', ['--set', 'training.epochs=-1'], /E-CONFIG-VALUE: training\.epochs/],
    ['a setting without value', ['--set', 'seed'], /E-CONFIG: The setting seed has no key and value/],
    ['a data set that is not there', ['--set', 'task.dataset=mnist2'], /E-DATASET-FETCH: .*mnist2/],
    ['a class that is not there', ['--set', 'attack.label.target=10'], /E-CONFIG-VALUE/],
    [
      'no model for imported weights',
      ['--set', 'task.weights=imported'],
      /E-MODEL: No model has been imported/,
    ],
    ['a model file that is none', ['--weights', 'package.json'], /E-MODEL/],
    ['a folder without data', ['--data', 'docs'], /E-DATASET-FETCH/],
    ['a place where nothing can be written', ['--json', 'package.json/out.json'], /E-STORAGE/],
  ];
  it.each(failing)('%s fails with its code', async (_, args, message) => {
    const { exitCode, err } = await labRun(...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n {4}at /);
    expect(exitCode).toBe(1);
  });

  it('an experiment that is not there fails with its code', async () => {
    const { exitCode, err } = await lab('run', at('none.yaml'));
    expect([exitCode, err]).toEqual([
      1,
      expect.stringContaining('error E-CONFIG: The experiment cannot be read'),
    ]);
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

describe('lab config', () => {
  it('converts an experiment of Backdoors 101 to YAML that reads the same', async () => {
    const theirs = path.join(ROOT, 'configs/mnist_params.yaml');
    const { exitCode, out, err } = await lab('config', theirs, '--set', 'epochs=3', '--complete');
    expect([exitCode, err]).toEqual([0, expect.stringContaining('random_seed')]);
    await writeFile(at('converted.yaml'), out);
    expect(out).toContain('epochs: 3');
    expect(await lab('config', at('converted.yaml'), '--complete')).toEqual({ exitCode: 0, out, err: '' });
    expect((await lab('config', theirs, '--link')).out).toMatch(/^#v1\.[\w-]+\n$/);
  });

  it('helps', async () => {
    const { exitCode, out } = await lab('--help');
    expect([exitCode, out]).toEqual([0, expect.stringContaining('verify')]);
    expect((await lab('run', '--help')).out).toContain('--checkpoint');
  });
});

it('names the checkpoint by the experiment and its seed', () => {
  expect(defaultCheckpointPath(parseConfig({ name: 'My Run: 2/3', seed: 4 }))).toBe(
    path.join('runs', 'my-run-2-3-seed-4.checkpoint'),
  );
});

it('takes signals as a process: stops, keeps a checkpoint, says 130', async () => {
  const args = ['scripts/lab.mjs', 'run', experiment, '--checkpoint', checkpoint];
  const long = ['--set', 'training.epochs=100000'];
  const child = spawn(process.execPath, [...args, ...long], { cwd: ROOT });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => {
    out += part.toString();
    // Twice, as a terminal and npm would send one press.
    if (part.toString().includes('epoch 1/')) for (let press = 0; press < 2; press++) child.kill('SIGINT');
  });
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect([exitCode, err]).toEqual([130, expect.stringMatching(/Stopped at step \d+; the checkpoint is/)]);
  expect(out).toContain('WebAssembly, relaxed SIMD');
});
