import { LabError } from '../errors.ts';
import type { LabelConfig } from '../config/schema.ts';

/**
 * Refuses a label function that `classes` classes cannot serve: a target that is no class, or a shift that maps each
 * class to itself. Throws E-CONFIG-VALUE.
 */
export function checkLabel(label: LabelConfig, classes: number): void {
  if (label.kind === 'one_target' && label.target >= classes) {
    throw new LabError({
      code: 'E-CONFIG-VALUE',
      what: `The target class ${label.target} is none of the ${classes} classes.`,
      why: `Classes count from 0 to ${classes - 1}.`,
      fix: 'Choose a class of the data set.',
      where: 'attack.label.target',
    });
  }
  if (label.kind === 'all_to_all' && label.shift % classes === 0) {
    throw new LabError({
      code: 'E-CONFIG-VALUE',
      what: `A shift of ${label.shift} maps each of the ${classes} classes to itself.`,
      why: 'The backdoor label is (class + shift) modulo the number of classes.',
      fix: `Choose a shift from 1 to ${classes - 1}.`,
      where: 'attack.label.shift',
    });
  }
}

/**
 * The class as which a triggered input of class `trueClass` should be read; classes count from 0.
 * `one_target`: the target; `all_to_all`: (trueClass + shift) modulo `classes` (Gu et al., BadNets, 2017).
 * Throws E-CONFIG-VALUE for a label function that does not fit, E-DATASET for a true class out of range.
 */
export function backdoorLabel(label: LabelConfig, trueClass: number, classes: number): number {
  checkLabel(label, classes);
  if (!Number.isInteger(trueClass) || trueClass < 0 || trueClass >= classes) {
    throw new LabError({
      code: 'E-DATASET',
      what: `An example has class ${trueClass}, but there are ${classes} classes.`,
      why: `Classes count from 0 to ${classes - 1}.`,
      fix: 'Check the labels of the data set.',
    });
  }
  return label.kind === 'one_target' ? label.target : (trueClass + label.shift) % classes;
}
