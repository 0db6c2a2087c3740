import { asSentence, messageOf } from './error-words.ts';

/**
 * Errors that teach: each has a stable code, and says what happened, why, and what to do.
 * The codes are the public contract (docs/errors.md lists them); the sentences are for people.
 */
export const ERROR_CODES = {
  'E-CONFIG': 'The experiment cannot be read',
  'E-CONFIG-KEY': 'An unknown key in the experiment',
  'E-CONFIG-VALUE': 'A value of the wrong type or out of range',
  'E-CONFIG-SIZE': 'The experiment document is too large or expands without bound',
  'E-LINK': 'A link that cannot be read',
  'E-DATASET': 'A data file that cannot be read',
  'E-DATASET-FETCH': 'A data file that cannot be fetched',
  'E-MODEL': 'A model file that cannot be read',
  'E-SHAPE': 'Shapes that do not fit together',
  'E-TRIGGER': 'A trigger that does not fit the images',
  'E-AGGREGATION': 'Updates that a rule cannot bring together',
  'E-DEFENSE': 'A defense that cannot work on this model or data',
  'E-NAN': 'The loss is no longer a number',
  'E-GPU-LOST': 'The GPU device was lost',
  'E-BACKEND': 'A backend that is missing or computes wrong values',
  'E-WORKER': 'A worker that died',
  'E-CANCELLED': 'Stopped on request',
  'E-QUOTA': 'Storage is full',
  'E-STORAGE': 'Stored data that cannot be read',
  'E-CAMERA': 'A camera that cannot be used',
  'E-CHECKPOINT': 'A checkpoint that does not fit this experiment',
  'E-INTERNAL': 'A fault of the lab itself',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The plain form of an error, as it crosses a worker boundary or is written to JSON. */
export interface LabErrorData {
  code: ErrorCode;
  /** What happened, one sentence. */
  what: string;
  /** Why, one sentence; may be empty when nothing more is known. */
  why: string;
  /** What to do, one sentence. */
  fix: string;
  /** Where: a path in the config (`training.epochs`), a file and byte offset, a line and column. */
  where?: string;
}

export class LabError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly where?: string;

  constructor(data: LabErrorData, options?: ErrorOptions) {
    super(`${data.code}: ${data.what} ${data.why} ${data.fix}`.replace(/\s+/g, ' ').trim(), options);
    this.name = 'LabError';
    this.code = data.code;
    this.what = data.what;
    this.why = data.why;
    this.fix = data.fix;
    if (data.where !== undefined) this.where = data.where;
  }

  toData(): LabErrorData {
    const { code, what, why, fix, where } = this;
    return where === undefined ? { code, what, why, fix } : { code, what, why, fix, where };
  }

  static fromData(data: LabErrorData): LabError {
    return new LabError(data);
  }
}

/** Any thrown value as a LabError; what is not one yet becomes E-INTERNAL with its message kept. */
export function asLabError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelledError();
  return new LabError(
    {
      code: 'E-INTERNAL',
      what: 'Something went wrong inside the lab.',
      why: asSentence(messageOf(thrown)),
      fix: 'Copy the details into a report; your experiment and the last checkpoint are kept.',
    },
    { cause: thrown },
  );
}

/** The error every cancelled operation rejects with. */
export function cancelledError(): LabError {
  return new LabError({
    code: 'E-CANCELLED',
    what: 'Stopped.',
    why: 'You asked for it.',
    fix: 'Run again, or resume from the last checkpoint.',
  });
}
