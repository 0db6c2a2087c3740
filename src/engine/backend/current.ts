import { getBackend } from '@tensorflow/tfjs-core';

/** The name of the backend that computes now, such as `wasm`; empty before one was started. */
export const currentBackend = (): string => getBackend();
