/** The entry: small, so that the training worker starts to load the data while the page itself is still on its way. */
import { labWorkers } from '../state/workers.ts';

labWorkers().warm();
void import('./start-page.tsx');
