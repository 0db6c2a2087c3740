/** Defenses that run on the trained model, one after another. */
import { z } from 'zod';
import { params as clp } from '../defenses/clp.ts';
import { params as neuralCleanse } from '../defenses/neural-cleanse.ts';
import { params as strip } from '../defenses/strip.ts';
import { params as spectralSignatures } from '../defenses/spectral-signatures.ts';
import { params as activationClustering } from '../defenses/activation-clustering.ts';
import { params as triggerActivation } from '../defenses/trigger-activation.ts';
import { params as sentinet } from '../defenses/sentinet.ts';
import { params as scaleUp } from '../defenses/scale-up.ts';
import { params as cognitiveDistillation } from '../defenses/cognitive-distillation.ts';
import { params as scan } from '../defenses/scan.ts';
import { params as fineTuning } from '../defenses/fine-tuning.ts';
import { params as finePruning } from '../defenses/fine-pruning.ts';
import { params as anp } from '../defenses/anp.ts';
import { params as nad } from '../defenses/nad.ts';
import { params as ftSam } from '../defenses/ft-sam.ts';
import { params as rnp } from '../defenses/rnp.ts';
import { params as iBau } from '../defenses/i-bau.ts';
import { params as ncUnlearning } from '../defenses/nc-unlearning.ts';
import { params as ncPruning } from '../defenses/nc-pruning.ts';
import { params as abl } from '../defenses/abl.ts';
import { field } from './schema-field.ts';

/** One defense with its parameters. */
export const defense = z.discriminatedUnion('kind', [
  neuralCleanse,
  triggerActivation,
  clp,
  strip,
  spectralSignatures,
  activationClustering,
  sentinet,
  scaleUp,
  cognitiveDistillation,
  scan,
  fineTuning,
  finePruning,
  anp,
  nad,
  ftSam,
  rnp,
  iBau,
  ncUnlearning,
  ncPruning,
  abl,
]);

export type DefenseConfig = z.output<typeof defense>;

export const defenseList = field(z.array(defense).max(32).default([]), {
  title: 'Defenses',
  description:
    'Run on the trained model, one after another, each on a clean model too: a list of kinds with their parameters, as `lab defend` takes them.',
});
