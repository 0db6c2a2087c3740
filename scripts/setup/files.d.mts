/** The root of the project. */
export const ROOT: string;
/** An absolute path below the root of the project. */
export function at(...parts: string[]): string;
