import { LabError } from '../errors.ts';
import type { LabelConfig } from '../config/schema.ts';

/** What is known of an example beside its input. */
export interface ExampleFacts {
  /** Its true class, from 0. */
  label: number;
  /** A further number of it; undefined when the data set has none of that name. */
  attribute?: (name: string) => number | undefined;
}

/** The classes 00 to 99 of two digits. */
const DIGIT_PAIRS = 100;

/**
 * Refuses a label function that `classes` classes cannot serve: a target or source that is no class, a shift that maps
 * each class to itself, digits without a hundred classes. Throws E-CONFIG-VALUE.
 * @param where the path of the label in the experiment
 */
export function checkLabel(label: LabelConfig, classes: number, where = 'attack.label'): void {
  switch (label.kind) {
    case 'one_target':
      assertClass(label.target, classes, `${where}.target`);
      return;
    case 'source_specific':
      assertClass(label.target, classes, `${where}.target`);
      label.sources.forEach((source, index) => assertClass(source, classes, `${where}.sources[${index}]`));
      if (label.sources.every((source) => source === label.target)) {
        throw new LabError({
          code: 'E-CONFIG-VALUE',
          what: `The only source class is the target class, ${label.target}.`,
          why: 'No triggered input would be read as anything but what it is.',
          fix: 'Name another source class.',
          where: `${where}.sources`,
        });
      }
      return;
    case 'all_to_all':
      if (label.shift % classes !== 0) return;
      throw new LabError({
        code: 'E-CONFIG-VALUE',
        what: `A shift of ${label.shift} maps each of the ${classes} classes to itself.`,
        why: 'The backdoor label is (class + shift) modulo the number of classes.',
        fix: `Choose a shift from 1 to ${classes - 1}.`,
        where: `${where}.shift`,
      });
    case 'digits':
      if (classes === DIGIT_PAIRS) return;
      throw new LabError({
        code: 'E-CONFIG-VALUE',
        what: `The ${label.operation} of two digits needs ${DIGIT_PAIRS} classes, and there are ${classes}.`,
        why: 'The class of an example is read as two digits, 00 to 99.',
        fix: 'Choose the data set multimnist, or another label.',
        where: `${where}.operation`,
      });
    case 'attribute':
      return; // which attributes there are is known only with the examples
  }
}

/**
 * The class as which a triggered input should be read; classes count from 0.
 * `one_target`: the target; `all_to_all`: (class + shift) modulo `classes` (Gu et al., BadNets, 2017);
 * `source_specific`: the target for inputs of a source class, else the class itself (Tang et al., TaCT, USENIX Security
 * 2021); `digits`: sum or product of the two digits of the class, `attribute`: another number of the example (Bagdasaryan
 * and Shmatikov, Blind Backdoors, USENIX Security 2021, sections 4.2 and 4.3).
 * Throws E-CONFIG-VALUE for a label function that does not fit, E-DATASET for a class or an attribute out of range.
 */
export function backdoorLabel(
  label: LabelConfig,
  { label: trueClass, attribute }: ExampleFacts,
  classes: number,
): number {
  checkLabel(label, classes);
  if (!isClass(trueClass, classes)) {
    throw new LabError({
      code: 'E-DATASET',
      what: `An example has class ${trueClass}, but there are ${classes} classes.`,
      why: `Classes count from 0 to ${classes - 1}.`,
      fix: 'Check the labels of the data set.',
    });
  }
  switch (label.kind) {
    case 'one_target':
      return label.target;
    case 'all_to_all':
      return (trueClass + label.shift) % classes;
    case 'source_specific':
      return label.sources.includes(trueClass) ? label.target : trueClass;
    case 'digits': {
      const [tens, ones] = [Math.floor(trueClass / 10), trueClass % 10];
      return label.operation === 'sum' ? tens + ones : tens * ones;
    }
    case 'attribute': {
      const value = attribute?.(label.name);
      if (value !== undefined && isClass(value, classes)) return value;
      throw new LabError({
        code: 'E-CONFIG-VALUE',
        what:
          value === undefined
            ? `The data set knows no "${label.name}" of its examples.`
            : `An example has the ${label.name} ${value}, but there are ${classes} classes.`,
        why: 'The backdoor label is that number, so each example needs one, and it must be a class.',
        fix: 'Choose a data set with that attribute, or another label.',
        where: 'attack.label.name',
      });
    }
  }
}

function isClass(value: number, classes: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < classes;
}

function assertClass(value: number, classes: number, where: string): void {
  if (isClass(value, classes)) return;
  const what = where.endsWith('target') ? 'target' : 'source';
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `The ${what} class ${value} is none of the ${classes} classes.`,
    why: `Classes count from 0 to ${classes - 1}.`,
    fix: 'Choose a class of the data set.',
    where,
  });
}
