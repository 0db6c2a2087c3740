/** What each section of the setup holds, in a few words for its closed head. */
import { fieldInfo } from '../../core/config/fields.ts';
import type {
  BalancerConfig,
  ExperimentConfig,
  LabelConfig,
  SynthesizerConfig,
} from '../../core/config/schema.ts';
import { formatCount } from '../../ui/format.ts';
import { valueInWords } from './field-words.ts';

export function taskSummary({ task }: ExperimentConfig): string {
  const examples = task.train_examples === null ? '' : `, first ${formatCount(task.train_examples)}`;
  const weights = task.weights === 'random' ? '' : `, ${task.weights}`;
  return `${valueInWords(task.model, fieldInfo('task.model'))} on ${task.dataset}${examples}${weights}`;
}

export function triggerSummary({ attack }: ExperimentConfig): string {
  const others = attack.others.length === 0 ? '' : `, and ${attack.others.length} more`;
  return `${synthesizerSummary(attack.synthesizer)}${others}`;
}

export function synthesizerSummary(synthesizer: SynthesizerConfig): string {
  if (synthesizer.kind === 'words')
    return `“${synthesizer.text}”${synthesizer.place === 'random' ? ', anywhere' : ` at the ${synthesizer.place}`}`;
  if (!('placement' in synthesizer)) return fieldTitle('attack.synthesizer.kind', synthesizer.kind);
  const place = synthesizer.placement.kind === 'random' ? ', random place' : '';
  switch (synthesizer.kind) {
    case 'pattern':
      return `pattern ${synthesizer.rows.length} x ${synthesizer.rows[0]?.length ?? 0}${place}`;
    case 'single_pixel':
      return `single pixel${place}`;
    case 'painted':
      return `${formatCount(synthesizer.pixels.length)} painted pixels${place}`;
  }
}

function balancerSummary(balancer: BalancerConfig): string {
  return balancer.kind === 'mgda' ? `MGDA (${balancer.normalize})` : 'fixed weights';
}

function fieldTitle(path: string, kind: string): string {
  return valueInWords(kind, fieldInfo(path));
}

export function goalSummary(label: LabelConfig): string {
  switch (label.kind) {
    case 'one_target':
      return `to class ${label.target}`;
    case 'all_to_all':
      return `all to all, +${label.shift}`;
    case 'source_specific':
      return `classes ${label.sources.join(', ')} to class ${label.target}`;
    case 'digits':
      return `to the ${label.operation} of the digits`;
    case 'attribute':
      return `to the ${label.name}`;
  }
}

export function attackSummary({ attack }: ExperimentConfig): string {
  if (!attack.enabled) return 'off: a clean model';
  const { label, injection } = attack;
  if (injection.kind === 'model') return `weights, ${injection.method}, ${goalSummary(label)}`;
  return injection.kind === 'loss'
    ? `loss, ${balancerSummary(injection.balancer)}, ${goalSummary(label)}`
    : `${injection.kind.replace('_', ' ')}, ${Number((injection.fraction * 100).toPrecision(3))} %, ${goalSummary(label)}`;
}

export function trainingSummary({ training, seed }: ExperimentConfig): string {
  const { epochs, optimizer, privacy } = training;
  const name = optimizer.kind === 'sgd' ? 'SGD' : 'Adam';
  const hidden = { none: '', dp_sgd: ', DP-SGD', gradient_shaping: ', shaped gradients' }[privacy.kind];
  return `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, ${name} ${optimizer.learning_rate}${hidden}, seed ${seed}`;
}

export function federatedSummary({ federated }: ExperimentConfig): string {
  if (!federated.enabled) return 'off: trained in one place';
  const { clients, per_round, aggregator, compromised } = federated;
  const hostile = compromised.clients === 0 ? '' : `, ${formatCount(compromised.clients)} compromised`;
  return `${per_round} of ${formatCount(clients)} clients, ${valueInWords(aggregator.kind, fieldInfo('federated.aggregator.kind'))}${hostile}`;
}

export function evaluationSummary({ evaluation, checkpoints }: ExperimentConfig): string {
  const live =
    evaluation.live_every === 0 ? 'each epoch' : `every ${formatCount(evaluation.live_every)} steps`;
  const kept =
    checkpoints.every === 0 ? 'kept each epoch' : `kept every ${formatCount(checkpoints.every)} steps`;
  return `${live}, ${kept}`;
}

export function backendSummary({ backend }: ExperimentConfig): string {
  return valueInWords(backend, fieldInfo('backend'));
}
