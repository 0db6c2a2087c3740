/** Private training of one poisoned set over clips and noises. `lab reproduce privacy` runs them. */
import type { ExperimentInput } from '../config/schema.ts';

export interface PrivacyPoint {
  id: string;
  /** Null without privacy. */
  clip: number | null;
  /** Noise multiplier, in clips. */
  noise: number | null;
  /** Without seed: each is run with several. */
  config: ExperimentInput;
}

/** Widest first: a command that was stopped has the usual clip whole. */
const CLIPS = [1, 0.3, 3] as const;
const NOISES = [0.25, 0.5, 1, 2] as const;

/** Learning rate times clip: a step is as long under every clip. */
const STEP = 0.5;
/** What the same network learns well with where nothing is clipped. */
const PLAIN_RATE = 0.1;

function experiment(name: string, learningRate: number, privacy: object): ExperimentInput {
  return {
    name,
    task: { dataset: 'mnist', model: 'small_cnn', train_examples: 20_000 },
    training: {
      epochs: 5,
      batch_size: 256,
      optimizer: { kind: 'sgd', learning_rate: learningRate, momentum: 0, weight_decay: 0 },
      ...privacy,
    },
    evaluation: { live_every: 0 },
    checkpoints: { every: 0 },
    attack: {
      synthesizer: { kind: 'pattern' },
      label: { kind: 'one_target', target: 8 },
      injection: { kind: 'data', fraction: 0.01 },
    },
  };
}

export const PRIVACY_SWEEP: readonly PrivacyPoint[] = [
  { id: 'plain', clip: null, noise: null, config: experiment('Without privacy', PLAIN_RATE, {}) },
  ...CLIPS.flatMap((clip) =>
    NOISES.map((noise): PrivacyPoint => {
      const rate = Number((STEP / clip).toPrecision(3));
      const privacy = { kind: 'dp_sgd', clip, noise_multiplier: noise, delta: 1e-5, accountant: 'rdp' };
      return {
        id: `clip-${clip}-noise-${noise}`,
        clip,
        noise,
        config: experiment(`Clip ${clip}, noise ${noise}`, rate, { privacy }),
      };
    }),
  ),
];
