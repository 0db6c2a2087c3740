/** Says how a run goes: a bar where columns can be redrawn, else a plain line now and then. */
import cliProgress from 'cli-progress';
import type {
  EpochRecord,
  Evaluation,
  ExperimentEvent,
  OptionalRate,
  StepRecord,
} from '../core/experiment/events.ts';
import type { RoundRecord } from '../core/experiment/round.ts';
import { editedPlaces, type WeightEdit } from '../core/experiment/weight-edit.ts';
import { epsilonWords } from '../core/privacy/words.ts';
import { clock, countOf, percent, printLine } from './output.ts';

export interface Progress {
  onEvent: (event: ExperimentEvent) => void;
  /** Leaves the line of the bar, so that something else can be printed. */
  interrupt: () => void;
  end: () => void;
}

export const silentProgress: Progress = {
  onEvent: () => undefined,
  interrupt: () => undefined,
  end: () => undefined,
};

/** Plain lines come at most this often. */
const LINE_INTERVAL_MS = 10_000;
const BAR_INTERVAL_MS = 100;

/** The figures that stand beside the progress, as last told. */
class Figures {
  record: StepRecord | null = null;
  evaluation: Evaluation | null = null;
  lastEpoch = 0;
  total = 0;
  stepMilliseconds: number | null = null;
  threads = 1;
  secondsLeft: number | null = null;

  take(event: ExperimentEvent): void {
    if (event.type === 'step') this.record = event.record;
    if (event.type === 'evaluation') this.evaluation = event.evaluation;
    if (event.type === 'status') {
      this.stepMilliseconds = event.stepMilliseconds;
      this.threads = event.threads;
      this.secondsLeft = event.secondsLeft;
    }
  }

  words(): string {
    const { record, evaluation, stepMilliseconds, threads, secondsLeft } = this;
    return [
      record && lossWords(record.losses),
      evaluation && `clean ${rateWords(evaluation.cleanAccuracy)}`,
      evaluation && `attack ${rateWords(evaluation.attackSuccess)}`,
      evaluation?.privacy && `ε ${epsilonWords(evaluation.privacy.epsilon)}`,
      stepMilliseconds !== null && `${stepMilliseconds.toFixed(0)} ms/step`,
      threads > 1 && countOf(threads, 'thread'),
      secondsLeft !== null && `${clock(secondsLeft)} left`,
    ]
      .filter((part) => typeof part === 'string' && part !== '')
      .join(', ');
  }
}

function lossWords(losses: EpochRecord['losses']): string {
  const parts = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toPrecision(3)}`);
  return parts.length === 0 ? '' : `loss ${parts.join(' ')}`;
}

function rateWords({ value, n }: OptionalRate): string {
  return `${percent(value)} (n=${n})`;
}

function epochWords(record: EpochRecord, lastEpoch: number): string {
  return [
    `epoch ${record.epoch}/${lastEpoch}: clean accuracy ${percent(record.clean_accuracy)}`,
    `attack success ${percent(record.attack_success_rate)} (all inputs ${percent(record.attack_success_rate_all)})`,
    ...(record.further_attack_success_rates ?? []).map((rate, at) => `backdoor ${at + 2} ${percent(rate)}`),
    record.epsilon === undefined ? '' : `ε ${epsilonWords(record.epsilon)}`,
    lossWords(record.losses),
    `${record.seconds.toFixed(1)} s`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function editWords(edit: WeightEdit): string {
  return `edited: the backdoor is in ${editedPlaces(edit)} (${edit.edited} numbers), which tell ${percent(edit.toldApart)} of further clean and triggered examples apart`;
}

/** How many of the clients gave something, and what came of it. */
export function roundWords({ round, aggregator, clients, norm }: RoundRecord, lastRound: number): string {
  const answered = clients.filter(({ fate }) => fate === 'answers').length;
  const attacking = clients.filter((client) => client.attacking).length;
  const refused = clients.filter(({ fate }) => fate === 'refused').length;
  return [
    `round ${round}/${lastRound}: ${answered} of ${countOf(clients.length, 'client')}`,
    attacking > 0 ? `${attacking} attacking` : '',
    refused > 0 ? `${refused} refused` : '',
    `${aggregator}, update ${norm.toPrecision(3)} long`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** What is told once, the same in both forms. */
function headline(event: ExperimentEvent, figures: Figures): string | null {
  if (event.type === 'epoch') return epochWords(event.record, figures.lastEpoch);
  if (event.type === 'edited') return editWords(event.edit);
  if (event.type === 'round') return roundWords(event.record, figures.lastEpoch);
  if (event.type !== 'started') return null;
  const { backend, parameters, totalSteps, step } = event;
  const from = step > 0 ? `, going on after step ${step}` : '';
  return `${backend.name}: ${backend.label} (${backend.reason}); ${parameters} parameters, ${totalSteps} steps${from}`;
}

/** @param lastEpoch number of the last epoch */
export function lineProgress(stream: NodeJS.WritableStream, lastEpoch: number): Progress {
  const figures = new Figures();
  figures.lastEpoch = lastEpoch;
  let lastLine = performance.now();
  return {
    onEvent(event) {
      figures.take(event);
      if (event.type === 'started') figures.total = event.totalSteps;
      const line = headline(event, figures);
      if (line !== null) printLine(stream, line);
      const told = event.type === 'status' || event.type === 'client';
      if (!told || performance.now() - lastLine < LINE_INTERVAL_MS) return;
      lastLine = performance.now();
      if (event.type === 'client') {
        const { round, done, of } = event;
        printLine(stream, `round ${round}/${lastEpoch}, ${done} of ${countOf(of, 'client')}`);
        return;
      }
      const { record } = figures;
      if (record)
        printLine(
          stream,
          `epoch ${record.epoch}/${lastEpoch}, step ${record.step} of ${figures.total}: ${figures.words()}`,
        );
    },
    interrupt: () => undefined,
    end: () => undefined,
  };
}

/** @param lastEpoch number of the last epoch */
export function barProgress(stream: NodeJS.WritableStream, lastEpoch: number): Progress {
  const figures = new Figures();
  figures.lastEpoch = lastEpoch;
  let bar: cliProgress.SingleBar | null = null;
  let lastDraw = -Infinity;
  const stop = (): void => {
    bar?.stop();
    bar = null;
  };
  const draw = (stage: string, done: number, total: number, words: string): void => {
    if (performance.now() - lastDraw < BAR_INTERVAL_MS && done < total) return;
    lastDraw = performance.now();
    if (!bar) {
      bar = new cliProgress.SingleBar({
        stream,
        hideCursor: true,
        clearOnComplete: true,
        linewrap: false,
        barsize: 20,
        gracefulExit: false,
        format: (options, { value, total: all, progress }, payload: unknown) => {
          const { stage: name, words: said } = payload as { stage: string; words: string };
          return `${name} ${cliProgress.Format.BarFormat(progress, options)} ${value}/${all}  ${said}`;
        },
      });
      bar.start(total, done, { stage, words });
    } else {
      bar.setTotal(total);
      bar.update(done, { stage, words });
    }
  };
  return {
    onEvent(event) {
      figures.take(event);
      if (event.type === 'started') figures.total = event.totalSteps;
      const line = headline(event, figures);
      if (line !== null) {
        stop();
        printLine(stream, line);
      }
      if (event.type === 'progress' && event.unit !== 'parts')
        draw(event.stage, event.done, event.total, event.unit);
      if (event.type === 'client') draw(`round ${event.round}/${lastEpoch}`, event.done, event.of, 'clients');
      const { record } = figures;
      if ((event.type === 'step' || event.type === 'status') && record)
        draw(`epoch ${record.epoch}/${lastEpoch}`, record.step, figures.total, figures.words());
    },
    interrupt: stop,
    end: stop,
  };
}
