import { abl } from './abl.ts';
import { clp } from './clp.ts';
import type { DefenseDefinition } from './defense.ts';
import { fineTuning } from './fine-tuning.ts';
import { finePruning } from './fine-pruning.ts';
import { anp } from './anp.ts';
import { nad } from './nad.ts';
import { ftSam } from './ft-sam.ts';
import { rnp } from './rnp.ts';
import { iBau } from './i-bau.ts';
import { ncUnlearning } from './nc-unlearning.ts';
import { ncPruning } from './nc-pruning.ts';
import { scan } from './scan.ts';
import { cognitiveDistillation } from './cognitive-distillation.ts';
import { scaleUp } from './scale-up.ts';
import { sentinet } from './sentinet.ts';
import { activationClustering } from './activation-clustering.ts';
import { spectralSignatures } from './spectral-signatures.ts';
import { strip } from './strip.ts';
import { neuralCleanse } from './neural-cleanse.ts';
import { triggerActivation } from './trigger-activation.ts';

/** Every defense, by its id. */
export const defenses = {
  neural_cleanse: neuralCleanse,
  trigger_activation: triggerActivation,
  clp,
  strip,
  spectral_signatures: spectralSignatures,
  activation_clustering: activationClustering,
  sentinet,
  scale_up: scaleUp,
  cognitive_distillation: cognitiveDistillation,
  scan,
  fine_tuning: fineTuning,
  fine_pruning: finePruning,
  anp,
  nad,
  ft_sam: ftSam,
  rnp,
  i_bau: iBau,
  nc_unlearning: ncUnlearning,
  nc_pruning: ncPruning,
  abl,
} as const;

export type DefenseId = keyof typeof defenses;

/** The same, where what one of them differs by does not matter. */
export const defenseMethods = Object.values(defenses) as unknown as readonly DefenseDefinition[];
