/** `npm run -s lab -- ...`: the lab in a terminal. */
import './setup/check-node.mjs';
import { handOver } from './setup/hand-over.mjs';
import { mainProgram } from './setup/process.mjs';

await mainProgram(() => handOver('lab', 'src/cli/main.ts'));
