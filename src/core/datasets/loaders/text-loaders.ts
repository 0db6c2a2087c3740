import { imdbLoader } from './imdb.ts';
import type { Loader } from './loader.ts';
import { nextWordLoader } from './next-word.ts';
import { spamLoader } from './spam.ts';
import { textTableLoader } from './text-table.ts';

/**
 * The loaders of texts, the most particular first. They ask for more than those of pictures, so they may stand before
 * these.
 */
export const textLoaders: readonly Loader[] = [imdbLoader, spamLoader, textTableLoader, nextWordLoader];
