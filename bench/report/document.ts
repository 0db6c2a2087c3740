/** The last table in a Markdown document, between two markers, so that nobody copies figures by hand. */
import { LabError } from '../../src/core/errors.ts';
import type { BenchReport } from './report.ts';
import {
  epochLines,
  markdownTable,
  memoryLines,
  roundLines,
  skippedLines,
  speedupLines,
  tableRows,
} from './table.ts';

const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/** The document with the report between its markers. @throws LabError E-CONFIG when it has no such markers */
export function withReport(document: string, report: BenchReport): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin === -1 || end < begin) {
    throw new LabError({
      code: 'E-CONFIG',
      what: 'The document has no place for the table.',
      why: `It holds no line ${BEGIN} with a line ${END} after it.`,
      fix: 'Add both lines, or give docs/performance.md.',
      where: '--doc',
    });
  }
  return `${document.slice(0, begin + BEGIN.length)}\n\n${section(report)}\n\n${document.slice(end)}`;
}

function section(report: BenchReport): string {
  const { machine, date, command } = report;
  const system = [
    `${machine.processor}, ${machine.cores} cores`,
    machine.system,
    `Node ${machine.node}`,
    ...(machine.chromium === null ? [] : [`Chromium ${machine.chromium}`]),
  ];
  const contestants = Object.entries(machine.contestants).map(([name, label]) => `- ${name}: ${label}`);
  const missing = skippedLines(report).map((line) => `- ${line}`);
  return [
    `${date.slice(0, 10)}, \`${command}\`, on ${system.join(', ')}.`,
    ...(report.workloads.length > 0 ? [markdownTable(tableRows(report))] : []),
    ...(contestants.length > 0 ? ['Who took part:', contestants.join('\n')] : []),
    ...(missing.length > 0 ? ['Left out:', missing.join('\n')] : []),
    ...[...epochLines(report), ...speedupLines(report), ...roundLines(report), ...memoryLines(report)].map(
      (line) => `${line}.`,
    ),
  ].join('\n\n');
}
