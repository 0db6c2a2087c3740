import type { Evaluation, ExperimentEvent } from '../core/experiment/events.ts';
import { type RunRecords, type RunSeries, stepRow, withoutPictures } from '../core/series/runSeries.ts';
import type { SeriesPiece } from '../storage/database.ts';
import type { SeriesStore } from '../storage/series-store.ts';

/**
 * Keeps a run's series beside its checkpoint, so that charts and exports are whole after a reload. At each checkpoint it
 * stores what was recorded since the one before. Storage that fails costs the series after a reload, never the run.
 */
export class SeriesKeeper {
  /** The series whose records are stored. */
  private series: RunSeries | null = null;
  private steps: number[][] = [];
  private evaluations: Evaluation[] = [];
  private after = 0;
  /** Pieces that are not stored yet, oldest first: what storage refuses is tried again with the next. */
  private waiting: SeriesPiece[] = [];
  /** Writes go one after another. */
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: SeriesStore,
    private readonly onFailure: (thrown: unknown) => void,
  ) {}

  /** Takes note of an event of the run that records into `series`. */
  take(event: ExperimentEvent, series: RunSeries): void {
    switch (event.type) {
      case 'started':
        this.begin(series, event.step);
        return;
      case 'step':
        this.steps.push(stepRow(event.record));
        return;
      case 'evaluation':
        this.evaluations.push(withoutPictures(event.evaluation));
        return;
      case 'checkpoint':
        this.keep(event.step);
        return;
      default:
    }
  }

  /** The stored series; the next run that goes on with it adds to it. */
  async load(): Promise<RunSeries> {
    await this.writing;
    this.series = await this.store.load();
    this.steps = [];
    this.evaluations = [];
    return this.series;
  }

  clear(): void {
    this.series = null;
    this.empty();
  }

  /** Resolves when everything so far is stored, or has failed to be. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private begin(series: RunSeries, step: number): void {
    // The checkpoint may be newer than the last that was stored: what came between them is part of the run.
    const goesOn = series === this.series;
    this.steps = goesOn ? this.steps.filter(([at = 0]) => at <= step) : [];
    this.evaluations = goesOn ? this.evaluations.filter((evaluation) => evaluation.step <= step) : [];
    if (this.steps.length + this.evaluations.length === 0) this.after = step;
    if (goesOn) return;
    this.series = series;
    this.empty();
    if (series.steps.length + series.evaluations.length > 0) this.append(series.records(), -1);
  }

  private keep(step: number): void {
    if (this.steps.length + this.evaluations.length === 0) return;
    this.append({ steps: Float64Array.from(this.steps.flat()), evaluations: this.evaluations }, this.after);
    this.steps = [];
    this.evaluations = [];
    this.after = step;
  }

  private append(records: RunRecords, after: number): void {
    const width = this.series?.steps.columns.length ?? 0;
    // Held here: once the store has been emptied, what waits for it is another list.
    const { waiting } = this;
    waiting.push({ ...records, after, width });
    this.write(async () => {
      for (let piece = waiting[0]; piece; piece = waiting[0]) {
        await this.store.append(piece);
        waiting.shift();
      }
    });
  }

  private empty(): void {
    this.waiting = [];
    this.write(() => this.store.clear());
  }

  private write(change: () => Promise<void>): void {
    this.writing = this.writing.then(change).catch((thrown: unknown) => this.onFailure(thrown));
  }
}
