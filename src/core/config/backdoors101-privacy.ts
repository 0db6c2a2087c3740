/** `dp`, `dp_clip` and `dp_sigma` of a Backdoors 101 document: gradient shaping. */
import { keyProblem, type Backdoors101Values, type Findings } from './backdoors101-values.ts';
import type { ExperimentInput } from './schema.ts';

type PrivacyInput = NonNullable<NonNullable<ExperimentInput['training']>['privacy']>;

const SOURCES: [string, string][] = [
  ['training.privacy', 'dp'],
  ['training.privacy.clip', 'dp_clip'],
  ['training.privacy.sigma', 'dp_sigma'],
];

/** The model of their tasks whose examples have gradients of their own to clip. */
const PER_EXAMPLE = 'simplenet';

/**
 * The `privacy` of training; absent where `dp` is not true. Their code at this commit only leaves the mean over the losses out;
 * what that prepares, the clipping of each example and the noise, is done here.
 * @param experiment so far
 */
export function adaptPrivacy(
  values: Backdoors101Values,
  findings: Findings,
  { task, attack }: ExperimentInput,
): PrivacyInput | undefined {
  if (values.boolean('dp') !== true) return undefined;
  if (values.boolean('fl') === true) {
    findings.warnings.push(
      keyProblem(
        'dp',
        'E-CONFIG-VALUE',
        'clients train on plain gradients.',
        'In federated training the server clips and noises what a client sends.',
        'Use fl_diff_privacy, fl_dp_clip and fl_dp_noise.',
      ),
    );
    return undefined;
  }
  for (const [path, key] of SOURCES) findings.sources.set(path, key);
  const clip = values.number('dp_clip');
  const sigma = values.number('dp_sigma');
  if (clip === null) findings.problems.push(missing('dp_clip', 'The longest gradient.'));
  if (sigma === null) findings.problems.push(missing('dp_sigma', 'The deviation of the noise.'));
  const evades = Object.values(attack?.evasions ?? {}).some(({ enabled }) => enabled === true);
  const each = task?.model === PER_EXAMPLE && !evades ? 'example' : 'batch';
  if (each === 'batch')
    findings.warnings.push(
      keyProblem(
        'dp',
        'E-CONFIG-VALUE',
        'the gradient of each step is clipped whole.',
        'Batch-norm, and the losses of evasions, mix the examples of a batch, so that none has a gradient of its own.',
        'Nothing to do; SimpleNet without evasions is clipped example by example.',
      ),
    );
  return {
    kind: 'gradient_shaping',
    each,
    ...(clip !== null && { clip }),
    ...(sigma !== null && { sigma }),
  };
}

function missing(key: string, meaning: string) {
  return keyProblem(
    key,
    'E-CONFIG-VALUE',
    'not given, though dp is true.',
    `${meaning} Backdoors 101 has no default for it.`,
    `Give ${key}, or write dp: false.`,
  );
}
