/** The figures for people: one table as aligned text, the same as Markdown. */
import type { BenchReport, WorkloadReport } from './report.ts';

const FIXED = ['workload', 'where', 'backend', 'threads', 'ms', 'spread', 'GFLOP/s', 'of peak'];

/** Headings, and a row of cells for each timing. A ratio is the lab's time over the peer's: below 1 the lab is faster. */
export function tableRows({ workloads }: BenchReport): string[][] {
  const peers = [...new Set(workloads.flatMap((row) => Object.keys(row.peers)))];
  return [
    [...FIXED, ...peers.flatMap((peer) => [`${peer} ms`, 'ratio'])],
    ...workloads.map((row) => [
      row.name,
      row.where,
      row.variant === null ? row.backend : `${row.backend}, ${row.variant}`,
      String(row.threads),
      milliseconds(row.ms),
      `${Math.round(row.spread * 100)} %`,
      row.gflops === null ? '-' : row.gflops.toFixed(1),
      share(row),
      ...peers.flatMap((peer) => {
        const ms = row.peers[peer];
        return ms === undefined ? ['-', '-'] : [milliseconds(ms), `${(row.ms / ms).toFixed(2)}x`];
      }),
    ]),
  ];
}

/** Words to the left, figures to the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** As prettier writes it, so that a document stays formatted. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row
      .map((cell, column) =>
        column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, column) => (column < 3 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n');
}

/** What is missing and why, each reason once. */
export function skippedLines({ workloads, skipped }: BenchReport): string[] {
  const reasons = new Map<string, Set<string>>();
  const note = (who: string, why: string, workload: string) => {
    const key = `${who}: ${why}`;
    reasons.set(key, (reasons.get(key) ?? new Set()).add(workload));
  };
  for (const { name, where, backend, why } of skipped) note(`lab ${backend} in ${where}`, why, name);
  for (const { name, where, skippedPeers } of workloads) {
    for (const [peer, why] of Object.entries(skippedPeers))
      note(peer === 'pytorch' ? peer : `${peer} in ${where}`, why, name);
  }
  return [...reasons].map(([key, names]) => `${key} (${[...names].join(', ')})`);
}

export function speedupLines({ parallel }: BenchReport): string[] {
  return parallel.map(
    ({ name, where, backend, threads, oneThreadMs, ms, speedup, ceiling }) =>
      `${name}, ${backend} in ${where}: ${threads} threads ${milliseconds(ms)} ms, ` +
      `one ${milliseconds(oneThreadMs)} ms, ${speedup.toFixed(2)} times as fast; ` +
      `the machine gives ${ceiling.toFixed(2)} to ${threads} runs that share nothing`,
  );
}

export function roundLines({ rounds }: BenchReport): string[] {
  return rounds.flatMap(({ where, backend, threads, times, memory }) => [
    `Federated rounds, ${backend} in ${where}, ${threads} threads: ` +
      times
        .map(
          ({ clients, ms }) =>
            `${clients} clients ${milliseconds(ms)} ms (${milliseconds(ms / clients)} each)`,
        )
        .join(', '),
    `Memory after federated rounds, ${backend} in ${where}: ` +
      memory
        .map(
          ({ clients, tensors, heapBytes, scriptBytes }) =>
            `of ${clients} clients ${tensors} tensors, wasm heap ${mebibytes(heapBytes)}, JavaScript ${mebibytes(scriptBytes)}`,
        )
        .join('; '),
  ]);
}

export function epochLines({ epochs }: BenchReport): string[] {
  const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
  return epochs.map(
    ({ where, backend, steps, seconds, evaluationSeconds, cleanAccuracy, attackSuccess }) =>
      `Epoch of configs/mnist_params.yaml in ${where} (${backend}): ${steps} steps in ${seconds.toFixed(1)} s, ` +
      `of which ${evaluationSeconds.toFixed(1)} s the evaluation at its end; ` +
      `clean accuracy ${percent(cleanAccuracy)}, attack success ${percent(attackSuccess)}`,
  );
}

export function memoryLines({ memory }: BenchReport): string[] {
  return memory.map(({ where, backend, steps, flat, states }) => {
    const first = states[0];
    const last = states.at(-1);
    return (
      `${backend} in ${where}, ${steps} steps: memory ${flat ? 'stays flat' : 'GROWS'}: ` +
      `tensors ${first?.tensors} to ${last?.tensors}, bytes ${first?.tensorBytes} to ${last?.tensorBytes}, ` +
      `heap ${mebibytes(first?.heapBytes)} to ${mebibytes(last?.heapBytes)}`
    );
  });
}

/** Of what all its threads could reach. */
function share({ gflops, peakGflops, threads }: WorkloadReport): string {
  return gflops === null || peakGflops === null
    ? '-'
    : `${Math.round((gflops / peakGflops / threads) * 100)} %`;
}

function mebibytes(bytes: number | null | undefined): string {
  return bytes == null ? '-' : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Three figures that count. */
function milliseconds(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2);
}
