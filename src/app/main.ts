/**
 * The entry: small, so that the first images are on their way, and mostly there, before the page's own code has come.
 */
import { loadEarly } from '../state/early-data.ts';

loadEarly();
void import('./start-page.tsx').then(({ startPage }) => {
  // A task of its own: what has come meanwhile is taken up first.
  setTimeout(startPage);
});
