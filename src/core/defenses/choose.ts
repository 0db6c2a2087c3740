/** Defenses as a command line names them: `clp`, `strip@backdoorbench`, with parameters beside them. */
import { parseConfig } from '../config/parse.ts';
import type { DefenseConfig } from '../config/schema-defense.ts';
import { suggest } from '../config/nearest.ts';
import { mergeDelta } from '../config/delta.ts';
import { LabError } from '../errors.ts';
import { type DefenseId, defenseMethods, defenses } from './definitions.ts';

/**
 * One defense with its parameters.
 * @param name an id, or `ID@VARIANT` for a known implementation
 * @param settings laid over the defaults and the variant
 * @throws LabError E-CONFIG-VALUE for a name that there is not, ConfigError for parameters
 */
export function chooseDefense(name: string, settings: object = {}): DefenseConfig {
  const [id = '', variantId] = name.split('@');
  const definition = defenseMethods.find((one) => one.id === id);
  if (!definition) throw unknown('defense', id, Object.keys(defenses));
  const variant = variantId === undefined ? null : definition.variants.find((one) => one.id === variantId);
  if (variant === undefined) {
    throw unknown(
      `variant of ${id}`,
      variantId ?? '',
      definition.variants.map((one) => one.id),
    );
  }
  const asked = mergeDelta({ kind: id, ...variant?.params }, settings);
  const [chosen] = parseConfig({ defenses: [asked] }).defenses;
  if (!chosen) throw new RangeError('a list of one has a first');
  return chosen;
}

/** Whether a key of `--set` begins with the id of a defense: `clp.u`. */
export function isDefenseId(id: string): id is DefenseId {
  return Object.hasOwn(defenses, id);
}

function unknown(what: string, name: string, known: readonly string[]): LabError {
  return new LabError({
    code: 'E-CONFIG-VALUE',
    what: `There is no ${what} "${name}".`,
    why: known.length > 0 ? `There are ${known.join(', ')}.` : 'It has none.',
    fix: suggest(name, known) || 'Leave it out.',
    where: 'defenses',
  });
}
