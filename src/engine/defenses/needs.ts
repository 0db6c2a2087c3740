/** Whether a defense can work on a model with what the defender holds. */
import type { DefenseDefinition } from '../../core/defenses/defense.ts';
import { LabError } from '../../core/errors.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import { unitGroups } from '../../core/models/units.ts';
import { assertTakes } from '../training/evaluate.ts';
import type { DefenseContext } from './context.ts';

/** @throws LabError E-DEFENSE that says what is missing; E-SHAPE when the model takes other inputs than the data set has */
export function assertNeeds(definition: DefenseDefinition, context: DefenseContext): void {
  const { needs, title, kind } = definition;
  const { weights, clean, training, inputs } = context;
  assertTakes(weights, clean.dataset);
  const model = architectureOf(weights.model);
  const refuse = (what: string, why: string, fix: string): never => {
    throw new LabError({ code: 'E-DEFENSE', what, why, fix, where: definition.id });
  };
  if (needs.input === 'images' && model.input !== 'images') {
    refuse(
      `${title} cannot look at ${model.title}.`,
      'It works on images, and this model reads texts.',
      'Choose a defense for texts, or a model for images.',
    );
  }
  if (needs.convolution && unitGroups(weights).length === 0) {
    refuse(
      `${title} finds nothing to work on in ${model.title}.`,
      'It works on the channels of convolutions, and this model has none.',
      'Choose another defense, or a model with convolutions.',
    );
  }
  if (weights.classes < needs.classes) {
    refuse(
      `${title} needs ${needs.classes} classes or more, and the model tells ${weights.classes} apart.`,
      'It compares labels with each other.',
      'Choose another defense.',
    );
  }
  if (clean.count < needs.cleanExamples) {
    refuse(
      `${title} needs ${needs.cleanExamples} clean examples, and the defender holds ${clean.count}.`,
      'The defender holds one half of the test set; the other half is measured on.',
      'Use more test examples (task.test_examples), or choose another defense.',
    );
  }
  if (needs.cleanExamples > 1 && needs.classes > 1 && new Set(clean.labels).size < 2) {
    refuse(
      `All ${clean.count} clean examples are of one class.`,
      `${title} compares classes with each other.`,
      'Use test examples of several classes.',
    );
  }
  if ((needs.trainingSet || kind === 'filters_data' || kind === 'changes_training') && !training) {
    refuse(
      `${title} reads the training set, and nobody knows what this model was trained on.`,
      'A model’s file alone does not say.',
      'Give the experiment it comes from: `lab defend MODEL --config EXPERIMENT.yaml`.',
    );
  }
  if (kind === 'guards_input' && !inputs) {
    refuse(`${title} has no input to judge.`, 'A guard judges inputs.', 'Use more test examples.');
  }
}
