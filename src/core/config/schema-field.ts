/** The building blocks of the schema: a field with what is said of it, and common ranges. */
import { z } from 'zod';

/** What forms, hover help and docs say of a field, beside its type and range. */
export interface FieldMeta {
  title: string;
  description: string;
  unit?: string;
}

/** The name of a section that a `kind` chooses, with its title for forms. */
export const kind = <K extends string>(name: K, title: string) => z.literal(name).meta({ title });

export const field = <T extends z.ZodType>(type: T, meta: FieldMeta): T => type.meta({ ...meta });

export const fraction = z.number().min(0).max(1);
export const count = z.int().min(1);
export const classIndex = z.int().min(0).max(9999);
