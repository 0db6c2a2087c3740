/** Before Vitest: data and kernels are there, also when Vitest is run by itself. */
import { prepare } from './setup/prepare.mjs';

export default () => prepare({ quiet: true });
