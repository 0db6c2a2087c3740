import { describe, expect, it } from 'vitest';
import { withReport } from './document.ts';
import type { BenchReport } from './report.ts';
import { markdownTable, roundLines, skippedLines, speedupLines, tableRows, textTable } from './table.ts';

const report: BenchReport = {
  machine: {
    processor: 'A processor',
    cores: 2,
    memoryBytes: 2 ** 33,
    system: 'linux x64',
    node: '20.0.0',
    chromium: null,
    contestants: { pytorch: 'PyTorch 1.13, 2 threads' },
  },
  date: '2026-01-02T03:04:05Z',
  command: 'npm run bench -- --where node',
  workloads: [
    {
      name: 'mgda_step',
      where: 'node',
      backend: 'wasm',
      variant: 'relaxed',
      threads: 2,
      ms: 25,
      spread: 0.042,
      samples: 9,
      gflops: 80,
      peakGflops: 80,
      peers: { pytorch: 50 },
      peerTimings: { pytorch: { ms: 50, spread: 0.1, samples: 9 } },
      skippedPeers: { 'tfjs-webgpu': 'no GPU adapter' },
    },
    {
      name: 'nc_step',
      where: 'node',
      backend: 'cpu',
      variant: null,
      threads: 1,
      ms: 6360,
      spread: 0,
      samples: 1,
      gflops: 0.1,
      peakGflops: null,
      peers: { 'tfjs-wasm': 165.4 },
      peerTimings: {},
      skippedPeers: { 'tfjs-webgpu': 'no GPU adapter', pytorch: 'it ended' },
    },
  ],
  skipped: [{ name: 'resnet18_step', where: 'node', backend: 'cpu', why: 'too slow' }],
  memory: [],
  parallel: [],
  rounds: [],
  epochs: [],
};

describe('the table', () => {
  it('tells medians, spreads, shares and ratios, with a column for each peer', () => {
    expect(tableRows(report)).toEqual([
      [
        'workload',
        'where',
        'backend',
        'threads',
        'ms',
        'spread',
        'GFLOP/s',
        'of peak',
        'pytorch ms',
        'ratio',
        'tfjs-wasm ms',
        'ratio',
      ],
      ['mgda_step', 'node', 'wasm, relaxed', '2', '25.0', '4 %', '80.0', '50 %', '50.0', '0.50x', '-', '-'],
      ['nc_step', 'node', 'cpu', '1', '6360', '0 %', '0.1', '-', '-', '-', '165', '38.45x'],
    ]);
  });

  it('is aligned as text and as Markdown', () => {
    const rows = [
      ['a', 'b', 'c', 'ms'],
      ['long', 'b', 'c', '1.25'],
    ];
    expect(textTable(rows)).toBe('a     b  c    ms\nlong  b  c  1.25');
    expect(markdownTable(rows)).toBe(
      '| a    | b   | c   |   ms |\n| ---- | --- | --- | ---: |\n| long | b   | c   | 1.25 |',
    );
  });

  it('says once why something is missing', () => {
    expect(skippedLines(report)).toEqual([
      'lab cpu in node: too slow (resnet18_step)',
      'tfjs-webgpu in node: no GPU adapter (mgda_step, nc_step)',
      'pytorch: it ended (nc_step)',
    ]);
  });
});

describe('the document', () => {
  it('gets the table between its markers, and keeps the rest', () => {
    const before = '# Speed\n\n<!-- bench: begin -->\n\nold\n\n<!-- bench: end -->\n\nMore.\n';
    const after = withReport(before, report);
    expect(after).toContain('2026-01-02, `npm run bench -- --where node`, on A processor, 2 cores');
    expect(after).toContain('| mgda_step |');
    expect(after).not.toContain('old');
    expect(after.startsWith('# Speed\n')).toBe(true);
    expect(after.endsWith('<!-- bench: end -->\n\nMore.\n')).toBe(true);
    expect(withReport(after, report)).toBe(after);
  });

  it('is refused without markers', () => {
    expect(() => withReport('# Speed', report)).toThrow(expect.objectContaining({ code: 'E-CONFIG' }));
  });
});

describe('the lines below the table', () => {
  const place = { where: 'node', backend: 'wasm', threads: 2 } as const;

  it('tell a speed-up beside what the machine gives', () => {
    const parallel = [
      { ...place, name: 'mgda_step', oneThreadMs: 50, ms: 29.4, speedup: 1.7, ceiling: 1.825 },
    ];
    expect(speedupLines({ ...report, parallel })).toEqual([
      'mgda_step, wasm in node: 2 threads 29.4 ms, one 50.0 ms, 1.70 times as fast; ' +
        'the machine gives 1.82 to 2 runs that share nothing',
    ]);
  });

  it('tell what a client of a round costs, and what is held', () => {
    const state = { tensors: 20, tensorBytes: 80, heapBytes: 2 ** 24, scriptBytes: null };
    const rounds = [{ ...place, times: [{ clients: 2, ms: 90 }], memory: [{ ...state, clients: 1000 }] }];
    expect(roundLines({ ...report, rounds })).toEqual([
      'Federated rounds, wasm in node, 2 threads: 2 clients 90.0 ms (45.0 each)',
      'Memory after federated rounds, wasm in node: of 1000 clients 20 tensors, wasm heap 16.0 MiB, JavaScript -',
    ]);
  });
});
