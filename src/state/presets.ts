import { type Preset, PRESETS } from '../core/config/presets.ts';
import { experimentSchema, type ExperimentConfig } from '../core/config/schema.ts';
import { SHIPPED } from './shipped-datasets.ts';

/** A preset with every default filled in. */
export interface ReadyPreset extends Omit<Preset, 'config'> {
  config: ExperimentConfig;
}

/** Those whose data the page has by itself. */
export const READY_PRESETS: readonly ReadyPreset[] = PRESETS.map((preset) => ({
  ...preset,
  config: experimentSchema.parse(preset.config),
})).filter(({ config }) => SHIPPED.some(({ id }) => id === config.task.dataset));
