/** The fields of an experiment as forms, hover help and docs show them, read from the schema. */
import { z } from 'zod';
import { describeType, limitsOf } from './describe.ts';
import { defaultConfig, experimentSchema, type ExperimentConfig } from './schema.ts';
import { kindsOf, lookUp, shapeOf, unwrap, valueAt } from './walk.ts';

export interface FieldOption {
  value: string;
  title: string;
}

export interface FieldInfo {
  /** Dotted path, such as `training.optimizer.learning_rate`. */
  path: string;
  title: string;
  description: string;
  /** Empty when the field has none. */
  unit: string;
  /** `choice` has options; `section` groups other fields; `list` and `map` need an editor of their own. */
  type: 'integer' | 'number' | 'boolean' | 'text' | 'choice' | 'list' | 'map' | 'section';
  /** Smallest allowed value, or the value that it must stay above when `exclusiveMinimum`. */
  minimum: number | null;
  maximum: number | null;
  exclusiveMinimum: boolean;
  exclusiveMaximum: boolean;
  maxLength: number | null;
  pattern: string | null;
  options: FieldOption[];
  /** The value when the key is left out; undefined for a key that must be given. */
  default: unknown;
  /** Whether null (none) is a value. */
  nullable: boolean;
  /** The range in words: `a whole number from 1 to 65536 (examples)`. */
  range: string;
  /** The kinds that must be chosen for the field to exist. */
  when: { path: string; is: string }[];
}

const NAMES: Readonly<Record<string, string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'CPU',
  simplenet: 'SimpleNet',
  resnet8: 'ResNet-8',
  resnet20: 'ResNet-20',
  resnet18: 'ResNet-18',
  resnet18_224: 'ResNet-18 for photos',
  resnet8_gn: 'ResNet-8, group-norm',
  resnet20_gn: 'ResNet-20, group-norm',
  vgg: 'VGG-11, narrow',
  small_cnn: 'Small CNN',
  text_cnn: 'Text CNN',
  text_gru: 'Bidirectional GRU',
  text_transformer: 'Small transformer',
  lstm: 'LSTM',
  mnist: 'MNIST',
  rdp: 'Rényi (RDP)',
  prv: 'Privacy loss (PRV)',
};

const titleOf = (key: string): string => {
  const name = NAMES[key];
  if (name !== undefined) return name;
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function fieldType(type: z.core.$ZodType): FieldInfo['type'] {
  if (type instanceof z.ZodEnum || type instanceof z.ZodLiteral) return 'choice';
  if (type instanceof z.ZodNumber) return limitsOf(type).type === 'integer' ? 'integer' : 'number';
  if (type instanceof z.ZodBoolean) return 'boolean';
  if (type instanceof z.ZodArray || type instanceof z.ZodTuple) return 'list';
  if (type instanceof z.ZodRecord) return 'map';
  if (type instanceof z.ZodObject || type instanceof z.ZodDiscriminatedUnion) return 'section';
  return 'text';
}

function optionsOf(type: z.core.$ZodType): FieldOption[] {
  if (type instanceof z.ZodEnum)
    return type.options.map((option) => ({ value: String(option), title: titleOf(String(option)) }));
  if (type instanceof z.ZodLiteral)
    return [...type.values].map((value) => ({ value: String(value), title: String(value) }));
  return [];
}

function describe(schema: z.core.$ZodType, path: string, when: FieldInfo['when']): FieldInfo {
  const { type, meta, nullable, fallback } = unwrap(schema);
  const kind = fieldType(type);
  const limits = kind === 'section' ? {} : limitsOf(type);
  return {
    path,
    title: meta.title ?? titleOf(path.split('.').at(-1) ?? path),
    description: meta.description ?? '',
    unit: meta.unit ?? '',
    type: kind,
    minimum: limits.minimum ?? limits.exclusiveMinimum ?? null,
    maximum: limits.maximum ?? limits.exclusiveMaximum ?? null,
    exclusiveMinimum: limits.exclusiveMinimum !== undefined,
    exclusiveMaximum: limits.exclusiveMaximum !== undefined,
    maxLength: limits.maxLength ?? null,
    pattern: limits.pattern ?? null,
    options: optionsOf(type),
    default: fallback,
    nullable,
    range: describeType(schema),
    when,
  };
}

/** The `kind` key of a union: a choice between the kinds. */
function kindField(union: z.core.$ZodType, path: string, when: FieldInfo['when']): FieldInfo {
  const section = describe(union, path, when);
  const kinds = kindsOf(union) ?? new Map<string, z.ZodObject>();
  const options = [...kinds].map(([value, option]) => {
    const literal: unknown = option.shape['kind'];
    const title = literal instanceof z.ZodLiteral ? literal.meta()?.title : undefined;
    return { value, title: title ?? titleOf(value) };
  });
  const fallback = section.default as { kind?: string } | undefined;
  return {
    ...section,
    path: `${path}.kind`,
    type: 'choice',
    options,
    default: fallback?.kind,
    range: `one of ${[...kinds.keys()].join(', ')}`,
  };
}

function collect(): FieldInfo[] {
  const fields: FieldInfo[] = [];
  const visit = (schema: z.core.$ZodType, prefix: string, when: FieldInfo['when']): void => {
    const { type } = unwrap(schema);
    const kinds = kindsOf(type);
    if (kinds !== null) {
      fields.push(kindField(schema, prefix, when));
      for (const [kind, section] of kinds)
        visit(section, prefix, [...when, { path: `${prefix}.kind`, is: kind }]);
      return;
    }
    if (!(type instanceof z.ZodObject)) return;
    for (const [key, child] of shapeOf(type)) {
      if (key === 'kind') continue;
      const path = prefix === '' ? key : `${prefix}.${key}`;
      const info = describe(child, path, when);
      fields.push(info);
      if (info.type === 'section') visit(child, path, when);
    }
  };
  visit(experimentSchema, '', []);
  return fields;
}

/** The keys of one section beside its `kind`, by their names: the parameters of a method. */
export function sectionFields(section: z.ZodObject): FieldInfo[] {
  return shapeOf(section)
    .filter(([key]) => key !== 'kind')
    .map(([key, child]) => describe(child, key, []));
}

let cached: FieldInfo[] | null = null;

/** Every field of every kind, sections before their keys, in the order of the schema. Paths may repeat across kinds. */
export function allFields(): readonly FieldInfo[] {
  cached ??= collect();
  return cached;
}

/**
 * One field. `config` decides between kinds where a path exists in several; without it the defaults do, then any kind.
 * @throws RangeError for a path that no kind has: a fault of the caller.
 */
export function fieldInfo(path: string, config: ExperimentConfig = defaultConfig): FieldInfo {
  const candidates = allFields().filter((field) => field.path === path);
  const chosen =
    candidates.find((field) =>
      field.when.every((condition) => valueAt(config, condition.path.split('.')) === condition.is),
    ) ?? candidates[0];
  if (chosen !== undefined) return chosen;
  const lookup = lookUp(path.split('.'), undefined);
  if (lookup.found) return describe(lookup.schema, path, []);
  throw new RangeError(`no field ${path} in the experiment schema`);
}

/**
 * What a person may write, as JSON Schema: every key optional, defaults and help included. The description of each
 * field says its range, unit and default, so that hover help does.
 */
export function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(experimentSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema: json }) => {
      const { meta, fallback, type } = unwrap(zodSchema);
      delete json['unit'];
      if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
      if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
      if (meta.description === undefined) return;
      const section = type instanceof z.ZodObject || kindsOf(type) !== null;
      const range = section ? '' : ` ${capital(describeType(zodSchema))}.`;
      const rest =
        fallback === undefined || fallback === null || section ? '' : ` Default ${JSON.stringify(fallback)}.`;
      json.description = `${meta.description}${range}${rest}`;
    },
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
