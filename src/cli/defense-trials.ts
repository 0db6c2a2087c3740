/** Runs one defense on one trained model; what the record has is not run again. */
import { availableParallelism } from 'node:os';
import { type DefenseConfig, defense as defenseSchema } from '../core/config/schema-defense.ts';
import type { DefenseDefinition } from '../core/defenses/defense.ts';
import { defenses } from '../core/defenses/definitions.ts';
import type { DefenseResult } from '../core/defenses/result.ts';
import { LabError } from '../core/errors.ts';
import { defendModel } from './defend.ts';
import { cellKey, type DefenseCell, type ReproductionRecord } from './reproduction-record.ts';
import type { RunnerOptions, TrainedModel } from './reproduction-runner.ts';

/** A defense as it is asked for, under the name that a command line has for it. */
export interface AskedDefense {
  name: string;
  settings: object & { kind: string };
}

export class DefenseTrials {
  constructor(
    private readonly options: RunnerOptions,
    private readonly record: ReproductionRecord,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param control whether the clean control of `lab defend` is judged too
   * @returns null where nothing is to be run and the record lacks it
   * @throws LabError but E-DEFENSE, which is kept in the cell: that a defense cannot work somewhere is a result
   */
  async cell(model: TrainedModel, asked: AskedDefense, control: boolean): Promise<DefenseCell | null> {
    // With its defaults: when one of them changes, it is another cell.
    const config = defenseSchema.parse(asked.settings);
    const key = cellKey(model.training.key, config, control);
    const known = this.record.findCell(key);
    if (known) return known;
    if (this.options.kept === true) return null;
    const found = await this.run(model, config, control);
    if (!found) return null;
    const cell = {
      key,
      attack: model.training.name,
      defense: asked.name,
      seed: model.training.seed,
      date: new Date().toISOString().slice(0, 10),
      ...found,
    };
    await this.record.keepCell(cell);
    return cell;
  }

  private async run(
    { config, weights: load, training }: TrainedModel,
    asked: DefenseConfig,
    control: boolean,
  ): Promise<Omit<DefenseCell, 'key' | 'attack' | 'defense' | 'seed' | 'date'> | null> {
    const weights = await load();
    if (!weights) return null;
    const threads = this.options.threads ?? Math.min(4, availableParallelism());
    try {
      const { runs, backend } = await defendModel(
        { weights, experiment: config, asked: [asked] },
        { backend: undefined, data: this.options.data, threads, control, seeds: 1 },
        this.signal,
        () => undefined,
      );
      const result = runs[0]?.[0]?.result;
      if (!result) throw new RangeError('one defense over one seed has one result');
      return { backend, ...figuresOf(result), error: null };
    } catch (thrown) {
      if (!(thrown instanceof LabError) || thrown.code !== 'E-DEFENSE') throw thrown;
      const { code, what } = thrown;
      const nothing = { verdict: null, score: null, flagged: 0, labels: [], metrics: {}, seconds: 0 };
      return { backend: training.backend, ...nothing, control: null, error: { code, what } };
    }
  }
}

function figuresOf({ id, verdict, score, flagged, metrics, seconds, control }: DefenseResult) {
  const { flags } = definitionOf(id);
  const labels = flags === 'labels' ? flagged : [];
  return { verdict, score, flagged: flagged.length, labels, metrics, seconds, control };
}

/** What a defense says of itself. */
export function definitionOf(id: string): DefenseDefinition {
  const all: Partial<Record<string, unknown>> = defenses;
  return all[id] as DefenseDefinition;
}
