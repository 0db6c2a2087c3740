import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { ROW_KINDS, type RowKind } from '../core/training/row-kinds.ts';
import type { AddOptions } from './data.ts';
import type { PoisonOptions } from './data-poison.ts';
import type { Terminal } from './output.ts';

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

/** `lab data list`, `add`, `fetch` and `poison`. */
export function addDataCommands(lab: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  const data = lab.command('data').description('the data sets that are here, and how others come');
  data
    .command('list')
    .description('list the data sets that a run can use, and those that can be fetched')
    .option('--debug', 'print the stack of an error')
    .action(async () => {
      const { listData } = await import('./data.ts');
      done(await listData(terminal));
    });
  data
    .command('add <file...>')
    .description(
      'read files or folders into a data set: CIFAR-10, pictures in folders, zip or tar, with a CSV of labels, PIPA, CelebA, VGGFace2, IDX; IMDB, e-mail, texts in CSV or JSON lines, posts',
    )
    .requiredOption('--name <name>', 'its name; task.dataset is then custom-NAME')
    .option(
      '--loader <id>',
      'how it is read, where the files do not tell: imdb, spam, text-table, next-word, idx, cifar10, pipa, identities, image-folder',
    )
    .addOption(
      new Option('--size <pixels>', 'side of the images').argParser(wholeNumber(1, 1024)).default(32),
    )
    .addOption(
      new Option(
        '--shorter-side <pixels>',
        'what the shorter side is scaled to before the middle is cut out (default: the size)',
      ).argParser(wholeNumber(1, 1024)),
    )
    .option('--grey', 'grey instead of colour')
    .option('--text-column <name>', 'of CSV or JSON lines: the column of texts, where its name does not tell')
    .option('--label-column <name>', 'of CSV or JSON lines: the column of classes')
    .addOption(
      new Option('--seed <n>', 'draws a test split where there is none, and the order')
        .argParser(wholeNumber(0, 2 ** 32 - 1))
        .default(0),
    )
    .addOption(
      new Option(
        '--memory <MiB>',
        'images of more than this stay on the disk and are read as they are needed',
      )
        .argParser(wholeNumber(0, 2 ** 20))
        .default(512),
    )
    .option('--debug', 'print the stack of an error')
    .action(async (files: string[], options: AddOptions) => {
      const { addData } = await import('./data.ts');
      done(await addData(files, options, terminal));
    });
  data
    .command('fetch <id>')
    .description(
      'fetch a data set from its official address, check it and keep it: cifar10, fashion-mnist, imdb, spam',
    )
    .option('--debug', 'print the stack of an error')
    .action(async (id: string) => {
      const { fetchData } = await import('./data.ts');
      done(await fetchData(id, terminal));
    });
  data
    .command('poison <experiment>')
    .description(
      'write the training set as the attack of an experiment leaves it: images in folders of classes or lines of texts, with a table of where each comes from',
    )
    .requiredOption('--out <place>', 'a folder that is empty or not there yet, or a file that ends in .zip')
    .addOption(
      new Option('--set <key=value>', 'lay a setting over the experiment; the value is YAML; repeatable')
        .argParser((value: string, before: string[]) => [...before, value])
        .default([], 'none'),
    )
    .addOption(
      new Option('--step <n>', 'of an attack that poisons each batch anew: which batch')
        .argParser(wholeNumber(1, 1_000_000_000))
        .default(1),
    )
    .addOption(
      new Option('--only <kind>', 'write these alone: poisoned, cover or clean; repeatable')
        .argParser(rowKind)
        .default([], 'all'),
    )
    .option('--data <folder>', 'where the data sets are: FOLDER/mnist/manifest.json')
    .option('--debug', 'print the stack of an error')
    .action(async (file: string, options: PoisonOptions) => {
      const { poisonData } = await import('./data-poison.ts');
      done(await poisonData(file, options, terminal));
    });
}

function rowKind(value: string, before: RowKind[]): RowKind[] {
  const kind = ROW_KINDS.find((one) => one === value);
  if (kind) return [...before, kind];
  throw new InvalidArgumentError(`It is one of ${ROW_KINDS.join(', ')}.`);
}
