import type { SynthesizerConfig } from '../config/schema.ts';
import type { DatasetInfo, ImageShape } from '../datasets/dataset.ts';
import { LabError } from '../errors.ts';
import { definitions } from './definitions.ts';
import type { ImageSynthesizer, Synthesizer, SynthesizerDefinition } from './synthesizer.ts';
import { wordSynthesizer } from './words.ts';

/** The triggers that are put into an image. */
export type ImageSynthesizerConfig = Extract<SynthesizerConfig, { kind: keyof typeof definitions }>;

export function isForImages(config: SynthesizerConfig): config is ImageSynthesizerConfig {
  return Object.hasOwn(definitions, config.kind);
}

/** Whether a kind of trigger suits a kind of data; a feature that examples have by themselves suits all. */
export function suits(kind: string, data: DatasetInfo['kind']): boolean {
  if (kind === 'semantic') return true;
  return data === 'text' ? kind === 'words' : kind !== 'words';
}

/**
 * What puts the trigger of an experiment into an image, ready for the images of a data set.
 * @param seed of the experiment, integer in [0, 2^32)
 * @throws LabError E-TRIGGER when the trigger is empty or does not fit the images
 */
export function createSynthesizer(
  config: ImageSynthesizerConfig,
  shape: ImageShape,
  seed: number,
): ImageSynthesizer {
  // The kind says which definition the parameters are of.
  const definition: Pick<SynthesizerDefinition, 'create'> = definitions[config.kind];
  return definition.create(config, shape, seed);
}

/**
 * The same for a data set of any kind; null for a feature that examples have by themselves.
 * @throws LabError as createSynthesizer; E-CONFIG-VALUE when the trigger is for another kind of data
 */
export function synthesizerFor(
  config: SynthesizerConfig,
  info: DatasetInfo,
  seed: number,
  where = 'attack.synthesizer',
): Synthesizer | ImageSynthesizer | null {
  if (config.kind === 'semantic') return null;
  if (config.kind === 'words' && info.kind === 'text') return wordSynthesizer(config, info.length);
  if (isForImages(config) && info.kind === 'images') return createSynthesizer(config, info.shape, seed);
  const [theirs, ours] = info.kind === 'text' ? ['texts', 'images'] : ['images', 'texts'];
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `The trigger "${config.kind}" is for ${ours}, and ${info.title} holds ${theirs}.`,
    why: 'A trigger is put into the examples of the data set.',
    fix: info.kind === 'text' ? 'Choose words as the trigger.' : 'Choose a trigger for images.',
    where: `${where}.kind`,
  });
}
