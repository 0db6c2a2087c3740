import { describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../core/config/schema.ts';
import { epsilonAfter } from '../../core/privacy/accountant.ts';
import { tinyConfig, tinyRun, type TinyRun } from '../training/run.test-support.ts';

const DP_SGD = { kind: 'dp_sgd', clip: 0.5, noise_multiplier: 0.8 } as const;
const data = { attack: { injection: { kind: 'data' as const, fraction: 0.2 } } };

const configOf = (input: ExperimentInput) => tinyConfig({ ...data, ...input });
const privateConfig = (training: ExperimentInput['training'] = {}) =>
  configOf({ training: { epochs: 2, batch_size: 8, privacy: DP_SGD, ...training } });

const stepsOf = ({ events }: TinyRun) =>
  events.flatMap((event) => (event.type === 'step' ? [event.record] : []));

async function weightsOf(run: TinyRun): Promise<Float32Array[]> {
  await run.result;
  return run.checkpoints.at(-1)?.weights.parameters.map(({ data: values }) => values) ?? [];
}

describe('a private run', () => {
  it('repeats itself, tells its ε, and goes on from a checkpoint bit for bit', async () => {
    const config = { ...privateConfig(), checkpoints: { every: 5 } };
    const run = tinyRun(config);
    const result = await run.result;
    const plan = { samplingRate: 8 / 60, noiseMultiplier: 0.8 };
    const delta = 60 ** -1.1;
    expect(result.privacy).toEqual({
      ...plan,
      unit: 'example',
      accountant: 'rdp',
      delta,
      steps: 16,
      epsilon: epsilonAfter('rdp', plan, 16, delta),
    });
    const epsilons = result.epochs.map(({ epsilon }) => epsilon);
    expect(epsilons).toEqual([epsilonAfter('rdp', plan, 8, delta), result.privacy?.epsilon]);
    const halfway = run.checkpoints.find(({ step }) => step === 5);
    if (!halfway) throw new Error('no checkpoint at step 5');
    const rest = tinyRun(config, { checkpoint: halfway });
    expect(await weightsOf(rest)).toEqual(await weightsOf(run));
    expect((await rest.result).privacy).toEqual(result.privacy);
  });

  it('draws batches of any size and goes on after an empty one', async () => {
    const run = tinyRun(privateConfig({ epochs: 1, batch_size: 1 }));
    await run.result;
    const losses = stepsOf(run).map((record) => record.losses.normal);
    expect(losses).toHaveLength(60);
    expect(losses).toContain(undefined);
    expect(losses.filter((loss) => loss !== undefined).every(Number.isFinite)).toBe(true);
  });

  it('takes the least noise that keeps the wanted ε', async () => {
    const run = tinyRun(privateConfig({ privacy: { kind: 'dp_sgd', target_epsilon: 3 } }));
    const { privacy } = await run.result;
    expect(privacy?.epsilon).toBeLessThanOrEqual(3);
    expect(privacy?.epsilon).toBeGreaterThan(2.98);
  });

  it('clips and noises without a promise where gradients are shaped', async () => {
    const shaped = (each: 'example' | 'batch', sigma: number) =>
      tinyRun(
        tinyConfig({
          training: {
            max_batches: 3,
            optimizer: { kind: 'sgd', learning_rate: 0.5, momentum: 0, weight_decay: 0 },
            privacy: { kind: 'gradient_shaping', each, clip: 0.01, sigma },
          },
        }),
      );
    for (const each of ['example', 'batch'] as const) {
      const run = shaped(each, 0);
      expect((await run.result).privacy).toBeUndefined();
      const [first, last] = [run.checkpoints.at(0), run.checkpoints.at(-1)];
      const moved = last?.weights.parameters.flatMap(({ data: values }, at) =>
        Array.from(values, (value, i) => value - (first?.weights.parameters[at]?.data[i] ?? NaN)),
      );
      // Three steps, each at most the clip times the learning rate long.
      const way = Math.hypot(...(moved ?? []));
      expect(way).toBeLessThan(3 * 0.01 * 0.5 * 1.001);
      expect(way).toBeGreaterThan(0.001);
      expect(await weightsOf(shaped(each, 0.02))).not.toEqual(await weightsOf(run));
    }
  });

  it('refuses a δ that promises nothing, and a network whose examples mix', async () => {
    const loose = tinyRun(privateConfig({ privacy: { ...DP_SGD, delta: 0.5 } }));
    await expect(loose.result).rejects.toThrow('E-CONFIG-VALUE');
    const mixing = configOf({ task: { dataset: 'tiny', model: 'resnet8' }, training: { privacy: DP_SGD } });
    await expect(tinyRun(mixing).result).rejects.toThrow(/batch_norm/);
  });
});
