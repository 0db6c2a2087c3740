import { homedir } from 'node:os';
import path from 'node:path';

/** Where fetched files and added data sets are kept: $BACKDOOR_LAB_CACHE, else the user's cache folder. */
export function cacheFolder(): string {
  const { BACKDOOR_LAB_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own !== undefined && own !== '') return path.resolve(own);
  const base = shared !== undefined && path.isAbsolute(shared) ? shared : path.join(homedir(), '.cache');
  return path.join(base, 'backdoor-lab');
}
