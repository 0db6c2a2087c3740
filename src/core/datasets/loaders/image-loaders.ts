import type { DecodePicture } from '../../formats/picture-file.ts';
import { cifar10Loader } from './cifar10.ts';
import { identitiesLoader } from './identities.ts';
import { idxLoader } from './idx.ts';
import { imageFolderLoader } from './image-folder.ts';
import type { Loader } from './loader.ts';
import { pipaLoader } from './pipa.ts';

/** The loaders of pictures, the most particular first. */
export function imageLoaders(decode: DecodePicture): Loader[] {
  return [idxLoader, cifar10Loader, pipaLoader(decode), identitiesLoader(decode), imageFolderLoader(decode)];
}
