import { LabError, type LabErrorData } from '../errors.ts';

export type PathSegment = string | number;

/** One thing that is wrong, or worth knowing, with the place in the document that it is about. */
export interface ConfigProblem extends LabErrorData {
  /** Keys and list positions from the top of the document. */
  path: PathSegment[];
  /** Whether the key itself is at fault, or its value. */
  at: 'key' | 'value';
}

/** `training.epochs`, `attack.synthesizer.pixels[3]`. */
export function dotted(path: readonly PathSegment[]): string {
  return path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`))
    .join('')
    .replace(/^\./, '');
}

/** All that is wrong with an experiment, as one error that opens with the first problem. */
export class ConfigError extends LabError {
  readonly problems: ConfigProblem[];

  constructor(problems: ConfigProblem[], options?: ErrorOptions) {
    const [first, ...rest] = problems;
    if (first === undefined) throw new RangeError('a ConfigError needs at least one problem');
    const { code, what, why, fix, where } = first;
    // A parser tells one slip several times over: the same sentence is said once.
    const others = rest.filter((problem, at) => problems.findIndex((one) => one.what === problem.what) > at);
    const more =
      others.length === 0
        ? ''
        : ` ${others.length === 1 ? 'One more problem' : `${others.length} more problems`}: ${others
            .slice(0, 5)
            .map((problem) => problem.what)
            .join(' ')}${others.length > 5 ? ' ...' : ''}`;
    super(
      { code, what, why, fix: `${fix}${more}`.trim(), ...(where === undefined ? {} : { where }) },
      options,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Only the fields of an error's plain form: what crosses a worker boundary. */
export function problemData({ code, what, why, fix, where }: ConfigProblem): LabErrorData {
  return where === undefined ? { code, what, why, fix } : { code, what, why, fix, where };
}

/** The path that `dotted` wrote. */
export function parseDotted(place: string): PathSegment[] {
  return place
    .split(/[.[]/)
    .filter((part) => part !== '')
    .map((part) => (part.endsWith(']') ? Number(part.slice(0, -1)) : part));
}

/** A value that does not go with the rest. */
export function valueProblem(path: PathSegment[], what: string, why: string, fix: string): ConfigProblem {
  return {
    code: 'E-CONFIG-VALUE',
    what: `${dotted(path)}: ${what}`,
    why,
    fix,
    where: dotted(path),
    path,
    at: 'value',
  };
}
