import type { DefenseId, defenses } from '../../core/defenses/definitions.ts';
import { runClp } from './clp.ts';
import type { DefenseRun } from './context.ts';
import { runScan } from './filters/scan.ts';
import { runCognitiveDistillation } from './guards/cognitive-distillation.ts';
import { runScaleUp } from './guards/scale-up.ts';
import { runSentinet } from './guards/sentinet.ts';
import { runActivationClustering } from './filters/activation-clustering.ts';
import { runSpectralSignatures } from './filters/spectral-signatures.ts';
import { runStrip } from './guards/strip.ts';
import { runFineTuning } from './repairs/fine-tuning.ts';
import { runFinePruning } from './repairs/fine-pruning.ts';
import { runAnp } from './repairs/anp.ts';
import { runNad } from './repairs/nad.ts';
import { runFtSam } from './repairs/ft-sam.ts';
import { runRnp } from './repairs/rnp.ts';
import { runIBau } from './repairs/i-bau.ts';
import { runNcUnlearning } from './repairs/nc-unlearning.ts';
import { runNcPruning } from './repairs/nc-pruning.ts';
import { runAbl } from './training/abl.ts';
import { runNeuralCleanse } from './neural-cleanse/neural-cleanse.ts';
import { runTriggerActivation } from './trigger-activation.ts';

/** Every defense at work, by its id. */
export const runners = {
  neural_cleanse: runNeuralCleanse,
  trigger_activation: runTriggerActivation,
  clp: runClp,
  strip: runStrip,
  spectral_signatures: runSpectralSignatures,
  activation_clustering: runActivationClustering,
  sentinet: runSentinet,
  scale_up: runScaleUp,
  cognitive_distillation: runCognitiveDistillation,
  scan: runScan,
  fine_tuning: runFineTuning,
  fine_pruning: runFinePruning,
  anp: runAnp,
  nad: runNad,
  ft_sam: runFtSam,
  rnp: runRnp,
  i_bau: runIBau,
  nc_unlearning: runNcUnlearning,
  nc_pruning: runNcPruning,
  abl: runAbl,
} as const satisfies { [Id in DefenseId]: DefenseRun<(typeof defenses)[Id]['params']> };

/** One of them, for parameters of its own kind. */
export function runnerOf(id: DefenseId): DefenseRun {
  const all: Record<DefenseId, unknown> = runners;
  return all[id] as DefenseRun;
}
