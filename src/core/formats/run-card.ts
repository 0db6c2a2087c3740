/** A card that says what a run was: config, seed, versions, metrics with their n, and the trigger. */
import type { OptionalRate, Rate, RunResult } from '../experiment/events.ts';
import { grouped } from './bytes.ts';

export interface CardInput {
  title: string;
  result: RunResult;
  /** The config as YAML. */
  yaml: string;
  /** What computed it, by name: the lab, TensorFlow.js, the browser or Node. */
  versions: Readonly<Record<string, string>>;
  /** When it was exported, ISO 8601. */
  exportedAt: string;
  /** File name of the trigger's picture beside the card; null when there is none. */
  triggerFile: string | null;
}

interface Metrics {
  clean_accuracy: Rate;
  attack_success_rate: OptionalRate;
  attack_success_rate_all: Rate;
}

/** The card for programs. Rates are fractions; null over no inputs. */
export function cardToJson(input: CardInput): string {
  const { title, result, versions, exportedAt, triggerFile } = input;
  const card = {
    title,
    exported_at: exportedAt,
    seed: result.seed,
    backend: result.backend,
    steps: result.steps,
    seconds: result.seconds,
    metrics: metricsOf(result),
    trigger: triggerFile,
    versions,
    config: result.config,
  };
  return `${JSON.stringify(card, null, 1)}\n`;
}

/** The card for people, as Markdown. */
export function cardToMarkdown(input: CardInput): string {
  const { title, result, yaml, versions, exportedAt, triggerFile } = input;
  const metrics = metricsOf(result);
  const lines = [
    `# ${inline(title)}`,
    '',
    `A Backdoor Lab run of ${grouped(result.steps)} steps in ${result.seconds.toFixed(1)} s on ${result.backend}, seed ${result.seed}, exported ${exportedAt}.`,
    '',
    ...(metrics === null
      ? ['The run has no full evaluation.']
      : [
          '| metric | value | n |',
          '| --- | ---: | ---: |',
          metricRow('Clean accuracy', metrics.clean_accuracy),
          metricRow('Attack success rate (without inputs of the target class)', metrics.attack_success_rate),
          metricRow('Attack success rate (all inputs)', metrics.attack_success_rate_all),
        ]),
    '',
    ...(triggerFile === null ? [] : ['## Trigger', '', `![The trigger](${encodeURI(triggerFile)})`, '']),
    '## Config',
    '',
    `${fence(yaml)}yaml`,
    yaml.trimEnd(),
    fence(yaml),
    '',
    '## Versions',
    '',
    ...Object.entries(versions).map(([name, version]) => `- ${inline(name)} ${inline(version)}`),
    '',
  ];
  return lines.join('\n');
}

function metricsOf({ evaluation }: RunResult): Metrics | null {
  if (evaluation === null) return null;
  return {
    clean_accuracy: evaluation.cleanAccuracy,
    attack_success_rate: evaluation.attackSuccess,
    attack_success_rate_all: evaluation.attackSuccessAll,
  };
}

function metricRow(name: string, { value, n }: OptionalRate): string {
  const percent = value === null ? '–' : `${(value * 100).toFixed(2)} %`;
  return `| ${name} | ${percent} | ${grouped(n)} |`;
}

/** Text that a person gave, on one line, without meaning for Markdown. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

/** More backticks than the text has in a row. */
function fence(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  return '`'.repeat(Math.max(3, longest + 1));
}
