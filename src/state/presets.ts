import { PRESETS } from '../core/config/presets.ts';
import { experimentSchema, type ExperimentConfig } from '../core/config/schema.ts';

/** A preset with every default filled in. */
export interface ReadyPreset {
  id: string;
  title: string;
  description: string;
  config: ExperimentConfig;
}

export const READY_PRESETS: readonly ReadyPreset[] = PRESETS.map((preset) => ({
  ...preset,
  config: experimentSchema.parse(preset.config),
}));
