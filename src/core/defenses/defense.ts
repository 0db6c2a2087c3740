/** What every defense says of itself: forms, config keys, docs and the contract test read it. One file for each defense. */
import type { z } from 'zod';
import type { MethodDefinition } from '../method.ts';

export const DEFENSE_KINDS = {
  inspects_model: 'Inspects a model',
  guards_input: 'Guards an input',
  filters_data: 'Filters training data',
  repairs_model: 'Repairs a model',
  changes_training: 'Changes training',
} as const;

export type DefenseKind = keyof typeof DEFENSE_KINDS;

/** What a defense cannot do without. The frame refuses a run that lacks it with E-DEFENSE. */
export interface DefenseNeeds {
  /** What the model must read. */
  input: 'images' | 'any';
  /** Clean labelled examples that the defender must hold; 0 for a defense that reads weights alone. */
  cleanExamples: number;
  /** Whether it reads the training set, poisoned as the attack left it. */
  trainingSet: boolean;
  /** Whether the model must have a convolution of images. */
  convolution: boolean;
  /** Classes that the model must tell apart, at least. */
  classes: number;
  /** Whether it is told the trigger: it explains a known backdoor, and detects none. */
  trigger?: true;
}

/** A known implementation that differs from what the paper says, as settings of the parameters. */
export interface DefenseVariant<P extends z.ZodObject = z.ZodObject> {
  /** `backdoorbench`, `art`, `backdoors101` ... */
  id: string;
  title: string;
  /** What it does otherwise, in one sentence. */
  description: string;
  params: Partial<Omit<z.input<P>, 'kind'>>;
}

export interface DefenseDefinition<P extends z.ZodObject = z.ZodObject> extends MethodDefinition<P> {
  kind: DefenseKind;
  needs: DefenseNeeds;
  variants: readonly DefenseVariant<P>[];
  /** Where the lab does otherwise than the paper, a sentence each. */
  deviations: readonly string[];
  /** What `score` is, for people, and the bound over which the verdict is `backdoored`; null where no bound is drawn. */
  score: { title: string; bound: number | null };
  /** What the numbers in `flagged` count. */
  flags: 'labels' | 'inputs' | 'examples' | 'units';
}
