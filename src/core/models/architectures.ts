import { LabError } from '../errors.ts';
import type { ArchitectureDefinition } from './layers.ts';
import { lstmLanguageModel } from './lstm.ts';
import { resnet18, resnet18Photos, resnet20, resnet20Groups, resnet8, resnet8Groups } from './resnet.ts';
import { simplenet } from './simplenet.ts';
import { smallCnn } from './small-cnn.ts';
import { textCnn } from './text-cnn.ts';
import { textGru } from './text-gru.ts';
import { textTransformer } from './text-transformer.ts';
import { vgg } from './vgg.ts';

/** Every architecture by the id that configs, checkpoints and model files carry. */
export const architectures = {
  simplenet,
  resnet8,
  resnet20,
  resnet18,
  resnet18_224: resnet18Photos,
  resnet8_gn: resnet8Groups,
  resnet20_gn: resnet20Groups,
  vgg,
  small_cnn: smallCnn,
  text_cnn: textCnn,
  text_gru: textGru,
  text_transformer: textTransformer,
  lstm: lstmLanguageModel,
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
