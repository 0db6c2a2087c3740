/** Sets everything up and builds the page into dist/, without serving it. */
import './setup/check-node.mjs';
import { prepare } from './setup/prepare.mjs';
import { mainProgram } from './setup/process.mjs';

await mainProgram(async () => {
  await prepare({ page: true });
  return 0;
});
