import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../config/schema.ts';
import type { Evaluation, RunResult, StepRecord } from '../experiment/events.ts';
import { sizeOf } from '../models/layers.ts';
import { simplenetParameters } from '../models/simplenet.ts';
import { csvTable } from './csv-table.ts';
import { weightsFromSafetensors } from './model-safetensors.ts';
import type { ArchiveInput } from './run-archive.ts';
import { runArchive } from './run-archive.ts';
import { cardToJson, cardToMarkdown } from './run-card.ts';
import { evaluationsToCsv, runToJson, stepsToCsv } from './run-export.ts';
import { readSafetensors } from './safetensors.ts';
import { readZip } from './zip.ts';

const evaluation: Evaluation = {
  step: 2,
  epoch: 1,
  scope: 'full',
  cleanAccuracy: { value: 0.9855, n: 10_000 },
  cleanLoss: 0.05,
  attackSuccess: { value: 0.99912, n: 9_026 },
  attackSuccessAll: { value: 0.9992, n: 10_000 },
  attackLoss: 0.001,
  robustAccuracy: { value: 0.1, n: 10 },
  others: [],
  confusionClean: [[1]],
  confusionTriggered: [[1]],
  samples: [
    {
      index: 3,
      label: 0,
      backdoorLabel: 8,
      original: new Uint8Array(784),
      triggered: new Uint8Array(784),
      clean: { label: 0, confidence: 0.9 },
      attacked: { label: 8, confidence: 1 },
    },
  ],
  shape: { height: 28, width: 28, channels: 1 },
  classes: ['0'],
  seconds: 1.25,
};
const result: RunResult = {
  config: defaultConfig,
  seed: 7,
  backend: 'wasm',
  epochs: [],
  steps: 2,
  seconds: 61.25,
  evaluation,
  interventions: [],
};
const step = (changes: Partial<StepRecord>): StepRecord => ({
  step: 1,
  epoch: 1,
  batch: 0,
  losses: { normal: 2.3 },
  scales: { normal: 1 },
  gradientNorms: {},
  cosine: null,
  minimumNorm: null,
  learningRate: 0.01,
  attacking: false,
  milliseconds: 20,
  ...changes,
});
const steps = [
  step({}),
  step({
    step: 2,
    batch: 1,
    losses: { normal: 1.1, backdoor: NaN },
    scales: { normal: 0.25, backdoor: 0.75 },
    gradientNorms: { normal: 3, backdoor: 1e-7 },
    cosine: -0.5,
    minimumNorm: 0.125,
    attacking: true,
  }),
];
const input: ArchiveInput = {
  title: 'Blind *attack*\non MNIST',
  result,
  steps,
  evaluations: [{ ...evaluation, scope: 'live', step: 1 }, evaluation],
  yaml: 'training:\n  epochs: 1\n',
  versions: { 'Backdoor Lab': '0.1.0', 'TensorFlow.js': '4.22.0' },
  exportedAt: '2026-01-02T03:04:05Z',
  trigger: {
    width: 1,
    height: 1,
    channels: 1,
    values: Float32Array.of(1),
    opacity: Float32Array.of(1),
  },
  weights: {
    model: 'simplenet',
    inputShape: [16, 16, 1],
    classes: 2,
    parameters: simplenetParameters([16, 16, 1], 2).map(({ name, shape }) => {
      return { name, shape, data: new Float32Array(sizeOf(shape)).fill(0.5) };
    }),
  },
};

describe('csvTable', () => {
  it('quotes as RFC 4180 says and ends lines in CRLF', () => {
    const text = csvTable(
      ['a', 'b,c'],
      [
        ['x"y', 'two\nlines'],
        [null, undefined],
        [0.1, true],
      ],
    );
    expect(text).toBe('a,"b,c"\r\n"x""y","two\nlines"\r\n,\r\n0.1,true\r\n');
  });
});

describe('a run', () => {
  it('is one row a step, with a column for each objective that it had', () => {
    expect(stepsToCsv(steps).split('\r\n')).toEqual([
      'step,epoch,batch,learning_rate,attacking,loss_normal,loss_backdoor,scale_normal,scale_backdoor,gradient_norm_normal,gradient_norm_backdoor,cosine,minimum_norm,milliseconds',
      '1,1,0,0.01,false,2.3,,1,,,,,,20',
      '2,1,1,0.01,true,1.1,NaN,0.25,0.75,3,1e-7,-0.5,0.125,20',
      '',
    ]);
    expect(stepsToCsv([])).toBe(
      'step,epoch,batch,learning_rate,attacking,cosine,minimum_norm,milliseconds\r\n',
    );
  });

  it('is one row an evaluation, rates with their n', () => {
    const [header, , full] = evaluationsToCsv(input.evaluations).split('\r\n');
    expect(header).toMatch(
      /^step,epoch,scope,clean_accuracy,clean_n,clean_loss,attack_success_rate,attack_success_n,/,
    );
    expect(full).toBe('2,1,full,0.9855,10000,0.05,0.99912,9026,0.9992,10000,0.001,1.25');
  });

  it('says that attack success was not measured over no inputs', () => {
    const none: Evaluation = { ...evaluation, attackSuccess: { value: null, n: 0 } };
    const measured = { ...result, evaluation: none };
    expect(evaluationsToCsv([none]).split('\r\n')[1]).toBe(
      '2,1,full,0.9855,10000,0.05,,0,0.9992,10000,0.001,1.25',
    );
    expect(JSON.parse(runToJson({ ...input, result: measured, evaluations: [none] }))).toMatchObject({
      evaluation: { attackSuccess: { value: null, n: 0 } },
      evaluations: [{ attackSuccess: { value: null, n: 0 } }],
    });
    const card = { ...input, result: measured, triggerFile: null };
    expect(cardToMarkdown(card)).toContain('(without inputs of the target class) | – | 0 |');
    expect(JSON.parse(cardToJson(card))).toMatchObject({
      metrics: { attack_success_rate: { value: null, n: 0 } },
    });
  });

  it('is JSON with the keys of the command line, all steps, and no pictures', () => {
    const run = JSON.parse(runToJson(input)) as Record<string, unknown>;
    expect(run).toMatchObject({ version: 1, seed: 7, backend: 'wasm', epochs: [], steps: 2, seconds: 61.25 });
    expect(run.config).toEqual(defaultConfig);
    expect(run.step_records).toHaveLength(2);
    expect(run.evaluations).toHaveLength(2);
    expect(runToJson(input)).not.toMatch(/"(triggered|original|shape)":/);
  });
});

describe('a card', () => {
  const card = { ...input, triggerFile: 'trigger.png' };

  it('shows the metrics with n, the trigger, the config and the versions', () => {
    const text = cardToMarkdown(card);
    expect(text).toContain('# Blind \\*attack\\* on MNIST\n');
    expect(text).toContain('2 steps in 61.3 s on wasm, seed 7, exported 2026-01-02T03:04:05Z');
    expect(text).toContain('| Clean accuracy | 98.55 % | 10,000 |');
    expect(text).toContain('| 99.91 % | 9,026 |');
    expect(text).toContain('![The trigger](trigger.png)');
    expect(text).toContain('```yaml\ntraining:\n  epochs: 1\n```');
    expect(text).toContain('- TensorFlow.js 4.22.0');
  });

  it('says when nothing was measured, and fences a config that has fences', () => {
    const text = cardToMarkdown({
      ...card,
      result: { ...result, evaluation: null },
      yaml: 'title: "```"',
      triggerFile: null,
    });
    expect(text).toContain('no full evaluation');
    expect(text).toContain('````yaml\ntitle: "```"\n````');
    expect(text).not.toContain('Trigger');
  });

  it('is JSON for programs', () => {
    expect(JSON.parse(cardToJson(card))).toMatchObject({
      seed: 7,
      metrics: { clean_accuracy: { value: 0.9855, n: 10_000 }, attack_success_rate: { n: 9_026 } },
      trigger: 'trigger.png',
      versions: { 'Backdoor Lab': '0.1.0' },
    });
  });
});

describe('an archive', () => {
  it('holds everything, and the model comes back from it', () => {
    const files = readZip(runArchive(input));
    expect([...files.keys()]).toEqual([
      'card.md',
      'card.json',
      'config.yaml',
      'run.json',
      'steps.csv',
      'evaluations.csv',
      'trigger.png',
      'model.safetensors',
    ]);
    const model = files.get('model.safetensors') ?? new Uint8Array(0);
    expect(weightsFromSafetensors(model).classes).toBe(2);
    expect(readSafetensors(model).metadata).toMatchObject({ seed: '7', config: input.yaml });
    expect(new TextDecoder().decode(files.get('config.yaml'))).toBe(input.yaml);
  });

  it('is the same bytes for the same run, and leaves out what there is not', () => {
    expect(Buffer.compare(runArchive(input), runArchive(input))).toBe(0);
    const files = readZip(runArchive({ ...input, trigger: null, weights: null }));
    expect(files.has('trigger.png')).toBe(false);
    expect(files.has('model.safetensors')).toBe(false);
    const png = Uint8Array.of(1, 2, 3);
    expect(readZip(runArchive({ ...input, trigger: png })).get('trigger.png')).toEqual(png);
  });
});
