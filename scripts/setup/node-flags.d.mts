/** What Node must be started with for relaxed SIMD. */
export const nodeFlags: string[];
