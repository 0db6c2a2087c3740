/**
 * Writes the pages of docs/ that are generated: attacks.md from the triggers, configuration.md from the schema,
 * errors.md from the codes; and the experiments in configs/attacks.
 *
 *   npm run docs
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { BACKDOORS_101_KEYS, type Backdoors101Key } from '../src/core/config/backdoors101-keys.ts';
import { allFields, type FieldInfo } from '../src/core/config/fields.ts';
import { ERROR_CODES, type ErrorCode } from '../src/core/errors.ts';
import type { MethodDefinition } from '../src/core/method.ts';
import { triggerMethods } from '../src/core/synthesizers/definitions.ts';
import { attackConfigs } from './docs-configs.ts';
import { ERROR_TEXTS } from './docs-errors.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** The generated pages, by their path from the root of the project. */
export const PAGES = {
  'docs/attacks.md': attacksPage,
  'docs/configuration.md': configurationPage,
  'docs/errors.md': errorsPage,
} as const satisfies Record<string, () => string>;

export type PagePath = keyof typeof PAGES;

/** A page as it should stand in the repository, formatted. */
export async function renderPage(page: PagePath): Promise<string> {
  const file = path.join(ROOT, page);
  return format(PAGES[page](), { ...(await resolveConfig(file)), filepath: file });
}

/** A field as one row, for every combination of kinds in which it is the same. */
export interface FieldRow extends FieldInfo {
  /** `kind` key to the kinds under which the field exists; empty for a field that is always there. */
  conditions: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Fields without sections; equal ones of several kinds are joined where their conditions form a product. */
export function fieldRows(fields: readonly FieldInfo[] = allFields()): FieldRow[] {
  const groups = new Map<string, FieldInfo[]>();
  for (const field of fields) {
    if (field.type === 'section') continue;
    const { when, ...same } = field;
    const key = JSON.stringify([same, when.map(({ path: kind }) => kind)]);
    groups.set(key, [...(groups.get(key) ?? []), field]);
  }
  return [...groups.values()].flatMap((group) => {
    const joined = conditionsOf(group);
    const product = [...joined.values()].reduce((size, kinds) => size * kinds.size, 1);
    if (product === group.length) return group.slice(0, 1).map((field) => ({ ...field, conditions: joined }));
    return group.map((field) => ({ ...field, conditions: conditionsOf([field]) }));
  });
}

function conditionsOf(fields: readonly FieldInfo[]): Map<string, Set<string>> {
  const conditions = new Map<string, Set<string>>();
  for (const { path: kind, is } of fields.flatMap(({ when }) => when)) {
    conditions.set(kind, (conditions.get(kind) ?? new Set()).add(is));
  }
  return conditions;
}

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

function shown(value: unknown): string {
  if (value === undefined) return 'must be given';
  if (value === null) return 'none';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}

/** The kinds of one `kind` key, from its own field. */
function allKinds(kindPath: string): number {
  return allFields().find((field) => field.path === kindPath)?.options.length ?? 0;
}

function whenOf({ conditions }: FieldRow): string {
  return [...conditions]
    .filter(([kindPath, kinds]) => kinds.size < allKinds(kindPath))
    .map(([kindPath, kinds]) => `${code(kindPath)}: ${[...kinds].map(code).join(', ')}`)
    .join('; ');
}

function rowOf(row: FieldRow): string[] {
  const kinds = row.path.endsWith('.kind')
    ? `${row.description} ${row.options.map(({ value, title }) => `${code(value)}: ${title}.`).join(' ')}`
    : row.description;
  return [code(row.path), row.title, row.range, shown(row.default), whenOf(row), kinds];
}

/** A heading for each section of the schema; the empty one holds the keys outside any. */
const SECTIONS = {
  '': 'The experiment',
  task: 'Task',
  training: 'Training',
  evaluation: 'Evaluation',
  checkpoints: 'Checkpoints',
  attack: 'Attack',
  federated: 'Federated training',
} as const;

function configurationPage(): string {
  const rows = fieldRows();
  const sectionOf = ({ path: field }: FieldRow): string =>
    field.includes('.') ? (field.split('.')[0] ?? '') : '';
  const unknown = rows.map(sectionOf).find((section) => !Object.hasOwn(SECTIONS, section));
  if (unknown !== undefined) throw new Error(`scripts/docs.ts has no heading for the section ${unknown}`);
  const head = ['Key', 'Title', 'Value', 'Default', 'Only with', 'What it does'];
  const sections = Object.entries(SECTIONS).flatMap(([section, title]) => [
    `## ${title}`,
    table(head, rows.filter((row) => sectionOf(row) === section).map(rowOf)),
  ]);
  return [
    '<!-- Generated by `npm run docs` from src/core/config. Change the schema, not this page. -->',
    '# Configuration',
    'An experiment is one document. Every key is optional: what is left out has its default. Unknown keys are refused by name, with the nearest known one.',
    'The same document is the form of the page, the YAML editor, a file in `configs/`, and the part of a link after `#`. Paths with dots stand for nested sections: `training.epochs` is `epochs` below `training`. In a terminal, `--set training.epochs=3` lays one value over the file.',
    'A section with a `kind` has other keys for each kind. “Only with” says which kinds have the key; empty means that it is always there. Lengths are in pixels, fractions lie between 0 and 1, classes and rows and columns count from 0.',
    '```sh\nnpm run -s lab -- config configs/mnist_params.yaml --complete   # every key of an experiment\n```',
    ...sections,
    '## Keys of Backdoors 101',
    'A document in the flat keys of Backdoors 101 is recognised and run as it is: in the terminal, in the editor, and as a file in the page. Every key of that project is known here (as of commit 9f48fbb). It is either honoured, or answered with a warning that says why not. A key with “warns” is silent at its default, and at other values with which the original code does nothing.',
    'Objectives other than `normal` and `backdoor` in `loss_tasks` and `fixed_scales` are left out with a warning. `Pattern` and `SinglePixel` are there; `Complex` on `MultiMNIST` (sum of the digits) and `Pipa` (who is on the photo); other synthesizers are refused with the reason. Photos for `Imagenet` and `Pipa` are yours to bring; a run without them says where they are and how to add them. `resume_model` takes the weights alone, from safetensors or a checkpoint of the lab: give `start_epoch` and `lr` beside it. Keys of both formats in one document are refused.',
    table(
      ['Key', 'Type', 'Default there', 'Here'],
      Object.entries(BACKDOORS_101_KEYS).map(([name, key]) => [
        code(name),
        key.type,
        shown(key.default),
        becomes(key),
      ]),
    ),
  ].join('\n\n');
}

function becomes(key: Backdoors101Key): string {
  if ('to' in key) return code(key.to);
  return `warns: ${key.unsupported.why} ${key.unsupported.fix}`;
}

/** The trigger definitions, each with its paper and its parameters. */
function attacksPage(): string {
  return [
    '<!-- Generated by `npm run docs` from src/core/synthesizers. Change the definitions, not this page. -->',
    '# Attacks',
    'A trigger says what is put into an input. How the backdoor gets into the model, and what a triggered input should be read as, are chosen apart from it: `attack.injection` and `attack.label` in the [configuration](configuration.md). An attack may have several backdoors, each with a trigger and a label of its own (`attack.others`).',
    '`npm run -s lab -- reproduce` runs them over three seeds beside a clean control, and says which reached what they must: [reproduction](reproduction.md).',
    ...triggerMethods.flatMap(methodSection),
  ].join('\n\n');
}

function methodSection({ id, title, description, paper }: MethodDefinition): string[] {
  const rows = fieldRows(
    allFields().filter(
      ({ path: field, when }) =>
        field.startsWith('attack.synthesizer.') &&
        when.some((condition) => condition.path === 'attack.synthesizer.kind' && condition.is === id),
    ),
  );
  return [
    `## ${title}`,
    `${description} ${paper.authors}, [${paper.title}](${paper.url}), ${paper.year}.`,
    `\`attack.synthesizer.kind: ${id}\``,
    table(
      ['Parameter', 'Value', 'Default', 'What it does'],
      rows.map((row) => [
        code(row.path.replace('attack.synthesizer.', '')),
        row.range,
        shown(row.default),
        rowOf(row).at(-1) ?? '',
      ]),
    ),
  ];
}

function errorsPage(): string {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
  return [
    '<!-- Generated by `npm run docs` from src/core/errors.ts and scripts/docs-errors.ts. -->',
    '# Errors',
    'Each error of the lab says what happened, why, and what to do, and carries a code. The codes stay the same between versions; the sentences may change. Warnings carry the same codes: they tell you of something, and the lab goes on.',
    table(
      ['Code', 'What happened'],
      codes.map((name) => [`[${name}](#${name.toLowerCase()})`, ERROR_CODES[name]]),
    ),
    ...codes.flatMap((name) => {
      const { meaning, causes, fixes } = ERROR_TEXTS[name];
      return [
        `## ${name}`,
        `**${ERROR_CODES[name]}.** ${meaning}`,
        'Usual causes:',
        list(causes),
        'What to do:',
        list(fixes),
      ];
    }),
  ].join('\n\n');
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const page of Object.keys(PAGES) as PagePath[]) {
    await writeFile(path.join(ROOT, page), await renderPage(page));
    console.log(page);
  }
  await mkdir(path.join(ROOT, 'configs/attacks'), { recursive: true });
  for (const [file, text] of await attackConfigs()) {
    await writeFile(path.join(ROOT, file), text);
    console.log(file);
  }
}
