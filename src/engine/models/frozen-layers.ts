import { LabError } from '../../core/errors.ts';

/**
 * Tells whether a layer, or an array by its name, is among those that stay as they are.
 * @param arrays everything that the network holds
 * @param prefixes names of layers, or what they begin with up to a dot
 * @throws LabError E-MODEL when a prefix is that of no layer, or nothing is left to learn
 */
export function frozenLayers(
  arrays: readonly { name: string; role: string }[],
  prefixes: readonly string[],
): (name: string) => boolean {
  const under = (name: string, prefix: string) => name === prefix || name.startsWith(`${prefix}.`);
  const isFrozen = (name: string) => prefixes.some((prefix) => under(name, prefix));
  const unknown = prefixes.filter((prefix) => !arrays.some(({ name }) => under(name, prefix)));
  if (unknown.length > 0) {
    const first = new Set(arrays.map(({ name }) => name.slice(0, name.indexOf('.'))));
    throw new LabError({
      code: 'E-MODEL',
      what: `There is no layer ${unknown.map((prefix) => `"${prefix}"`).join(', ')} to freeze.`,
      why: `The names of the model’s layers begin with ${[...first].join(', ')}.`,
      fix: 'Name a layer, or what the names of several begin with up to a dot.',
    });
  }
  if (arrays.every(({ name, role }) => role !== 'parameter' || isFrozen(name))) {
    throw new LabError({
      code: 'E-MODEL',
      what: 'Every layer is frozen.',
      why: 'Nothing would be left to learn.',
      fix: 'Leave at least the last layer out of those that are frozen.',
    });
  }
  return isFrozen;
}
