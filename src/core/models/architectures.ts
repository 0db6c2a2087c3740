import { LabError } from '../errors.ts';
import type { ArchitectureDefinition } from './layers.ts';
import { resnet18, resnet20, resnet8 } from './resnet.ts';
import { simplenet } from './simplenet.ts';

/** Every architecture by the id that configs, checkpoints and model files carry. */
export const architectures = {
  simplenet,
  resnet8,
  resnet20,
  resnet18,
} as const satisfies Record<string, ArchitectureDefinition>;

export type ArchitectureId = keyof typeof architectures;

/** The architecture with that id. Throws E-MODEL that names the known ones. */
export function architectureOf(id: string): ArchitectureDefinition {
  if (Object.hasOwn(architectures, id)) return architectures[id as ArchitectureId];
  throw new LabError({
    code: 'E-MODEL',
    what: `There is no model "${id}".`,
    why: `The lab knows ${Object.keys(architectures).join(', ')}.`,
    fix: 'Choose one of these.',
  });
}
