/** The process around the bench: reads the command line, prints, writes files. Started by scripts/bench.mjs. */
import { readFile, writeFile } from 'node:fs/promises';
import { EXIT, shellQuote } from '../src/cli/output.ts';
import { printError } from '../src/cli/print-error.ts';
import { runBench } from './bench.ts';
import { readOptions, USAGE } from './options.ts';
import { withReport } from './report/document.ts';
import {
  epochLines,
  memoryLines,
  roundLines,
  skippedLines,
  speedupLines,
  tableRows,
  textTable,
} from './report/table.ts';
import type { BenchReport } from './report/report.ts';

async function main(given: readonly string[]): Promise<number> {
  const options = readOptions(given);
  if (options.help) {
    console.log(USAGE);
    return EXIT.ok;
  }
  // Before minutes of timing.
  const document = options.doc === null ? null : await readFile(options.doc, 'utf8');
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const measured = await runBench(options, { signal: abort.signal, onProgress: progress });
  progress('');
  const command = ['npm run bench', ...(given.length > 0 ? ['--', ...given.map(shellQuote)] : [])].join(' ');
  const report: BenchReport = { ...measured, command };
  print(report);
  if (options.json !== null) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options.doc !== null && document !== null) await writeFile(options.doc, withReport(document, report));
  const { workloads, memory, parallel, rounds, epochs } = report;
  const found = [workloads, memory, parallel, rounds, epochs].some(({ length }) => length > 0);
  return found ? EXIT.ok : EXIT.failed;
}

/** One line that is written over, where that is possible. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function print(report: BenchReport): void {
  if (report.workloads.length > 0) console.log(textTable(tableRows(report)));
  for (const [name, label] of Object.entries(report.machine.contestants)) console.log(`${name}: ${label}`);
  for (const line of skippedLines(report)) console.log(`left out: ${line}`);
  const lines = [epochLines, speedupLines, roundLines, memoryLines].flatMap((of) => of(report));
  for (const line of lines) console.log(line);
}

const given = process.argv.slice(2);
try {
  process.exitCode = await main(given);
} catch (thrown) {
  progress('');
  printError(process.stderr, thrown, given.includes('--debug'));
  const usage = thrown instanceof Error && 'where' in thrown && String(thrown.where).startsWith('--');
  process.exitCode = usage ? EXIT.usage : EXIT.failed;
}
