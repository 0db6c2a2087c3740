/** `npm run bench [-- options]`: times the lab beside its peers. */
import './setup/check-node.mjs';
import { handOver } from './setup/hand-over.mjs';
import { mainProgram } from './setup/process.mjs';

await mainProgram(() => handOver('bench', 'bench/main.ts'));
