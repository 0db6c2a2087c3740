/** What forms and docs show of a method: a trigger, a defense, an aggregation rule. */
import type { z } from 'zod';
import type { Paper } from './paper.ts';

export interface MethodDefinition<P extends z.ZodObject = z.ZodObject> {
  id: string;
  title: string;
  /** One sentence for people. */
  description: string;
  paper: Paper;
  /** A strict object with `kind` as a literal of the id. */
  params: P;
}
