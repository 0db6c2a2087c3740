import type { Checkpoint, CheckpointStore } from '../core/experiment/checkpoint.ts';
import type { Evaluation, ExperimentEvent } from '../core/experiment/events.ts';
import { STEP_WIDTH, stepRow, withoutPictures } from '../core/series/runSeries.ts';
import type { KeptRuns } from '../storage/kept-runs.ts';
import type { RunPlace } from './protocol.ts';

/**
 * Keeps a run: each checkpoint together with what was recorded since the one before, so that what is resumed is always
 * whole. What storage refuses is tried again with the next checkpoint.
 */
export class RunKeeper implements CheckpointStore {
  private steps: number[][] = [];
  private evaluations: Evaluation[] = [];

  constructor(
    private readonly runs: KeptRuns,
    private place: RunPlace,
    /** Hands each checkpoint to the page too, so that full storage loses nothing while the page is open. */
    private readonly handOver: (checkpoint: Checkpoint) => void,
  ) {}

  /** Takes note of an event of the run. */
  take(event: ExperimentEvent): void {
    if (event.type === 'step') this.steps.push(stepRow(event.record));
    if (event.type === 'evaluation') this.evaluations.push(withoutPictures(event.evaluation));
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    this.handOver(checkpoint);
    const { id, after, before, replaces } = this.place;
    const counts = { steps: this.steps.length, evaluations: this.evaluations.length };
    const steps = new Float64Array(before.steps.length + counts.steps * STEP_WIDTH);
    steps.set(before.steps);
    this.steps.forEach((row, index) => steps.set(row, before.steps.length + index * STEP_WIDTH));
    const evaluations = [...before.evaluations, ...this.evaluations];
    const isEmpty = steps.length + evaluations.length === 0;
    const piece = isEmpty ? null : { steps, evaluations, after, width: STEP_WIDTH };
    await this.runs.save(id, checkpoint, piece, replaces);
    this.steps.splice(0, counts.steps);
    this.evaluations.splice(0, counts.evaluations);
    this.place = {
      id,
      after: checkpoint.step,
      before: { steps: new Float64Array(), evaluations: [] },
      replaces: [],
    };
  }

  load(): Promise<Checkpoint | null> {
    return this.runs.load(this.place.id);
  }

  saveOlder(checkpoint: Checkpoint): Promise<void> {
    return this.runs.saveOlder(this.place.id, checkpoint);
  }
}
