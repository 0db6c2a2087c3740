/** Addresses of the pages. Each is a file of its own that the build writes: then a reload works on any host. */
export const DEFENSES_PATH = 'defenses.html';
