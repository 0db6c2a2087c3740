/** The commands of `lab` and their options. Each command's code is loaded when it is asked for. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { BackendChoice } from '../core/config/schema.ts';
import { addDataCommands } from './data-commands.ts';
import { addDefend } from './defense-commands.ts';
import type { Terminal } from './output.ts';
import { EXIT } from './output.ts';
import { printError } from './print-error.ts';
import type { ReproduceOptions } from './reproduce.ts';
import type { RunOptions } from './run.ts';
import type { ShowConfigOptions } from './show-config.ts';

const BACKENDS: BackendChoice[] = ['auto', 'wasm', 'webgpu', 'cpu'];

const collect = (value: string, before: string[]): string[] => [...before, value];

function threadNumber(value: string): number {
  const threads = Number(value);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 16) return threads;
  throw new InvalidArgumentError('It is a whole number from 1 to 16.');
}

function seedCount(value: string): number {
  const seeds = Number(value);
  if (Number.isInteger(seeds) && seeds >= 1 && seeds <= 100) return seeds;
  throw new InvalidArgumentError('It is a whole number from 1 to 100.');
}

const settings = (): Option =>
  new Option('--set <key=value>', 'lay a setting over the experiment; the value is YAML; repeatable')
    .argParser(collect)
    .default([], 'none');

const threads = (): Option =>
  new Option(
    '--threads <n>',
    'threads that compute on the wasm backend, 1 to 16; the numbers do not depend on it (default: a core each, 4 at most)',
  ).argParser(threadNumber);

const backend = (description: string): Option =>
  new Option('--backend <name>', description).choices(BACKENDS);

const EXAMPLES = `
Examples:
  npm run -s lab -- run configs/mnist_params.yaml --set epochs=1 --json out.json
  npm run -s lab -- run configs/mnist_data_poisoning.yaml --set training.epochs=3 --set seed=7 --export model.safetensors
  npm run -s lab -- defend model.safetensors --defense clp --json verdicts.json
  npm run -s lab -- config configs/mnist_params.yaml --complete > experiment.yaml

Exit codes: 0 done, 1 failed and said why, 2 wrong command line, 130 stopped by Ctrl-C.`;

/**
 * Runs one command line.
 * @param args without node and script
 * @returns the exit code; never throws
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.ok;
  const debug = args.includes('--debug');
  try {
    await program(terminal, (code) => (exitCode = code)).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    printError(terminal.err, thrown, debug);
    return EXIT.failed;
  }
}

function program(terminal: Terminal, done: (exitCode: number) => void): Command {
  const lab = new Command('lab')
    .description('Backdoor Lab in a terminal: the experiments of the page, without the page')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', EXAMPLES);
  addRun(lab, terminal, done);
  addDefend(lab, terminal, done, { settings, backend, threads, seeds: seedCount });
  addDataCommands(lab, terminal, done);
  lab
    .command('verify <folder>')
    .description('hold the engine against the reference files (*.json) of a folder')
    .addOption(backend('what computes').default('wasm'))
    .option('--json <file>', 'write the verdicts as JSON; - is standard output')
    .option('--debug', 'print the stack of an error')
    .action(async (folder: string, options: { backend: BackendChoice; json?: string }) => {
      const { verify } = await import('./verify.ts');
      done(await verify(folder, options, terminal));
    });
  lab
    .command('reproduce [name...]')
    .description(
      'run the attacks of the lab over a few seeds beside a clean control, and print a table; `defenses`: what each defense must show; `matrix`: every defense against every attack; `federated`: rules beside a published table; `privacy`: clips and noises of private training',
    )
    .addOption(
      new Option('--seeds <n>', 'seeds 1 to n (default: 3; of defenses 5, of the matrix 1)').argParser(
        seedCount,
      ),
    )
    .option('--json <file>', 'keep every figure there; the same command goes on where it was stopped')
    .option('--doc <file>', 'write a page with the table, in Markdown')
    .option(
      '--table <file>',
      'of the matrix: write it as .csv (every figure), .tex or .svg; of privacy: the chart as .svg',
      tableFile,
    )
    .option('--kept', 'with --json: train nothing, and show what the file has')
    .option('--data <folder>', 'where the data sets are: FOLDER/mnist/manifest.json')
    .addOption(threads())
    .option('--debug', 'print the stack of an error')
    .action(async (names: string[], options: Partial<ReproduceOptions>, command: Command) => {
      if (options.kept && options.json === undefined) command.error('error: --kept goes with --json');
      if (options.table !== undefined && names[0] !== 'matrix' && names[0] !== 'privacy')
        command.error('error: --table goes with matrix or privacy');
      if (names[0] === 'privacy' && options.table !== undefined && !options.table.endsWith('.svg'))
        command.error('error: --table of privacy ends with .svg');
      const { reproduce, usualSeeds } = await import('./reproduce.ts');
      done(await reproduce(names, { ...options, seeds: options.seeds ?? usualSeeds(names) }, terminal));
    });
  lab
    .command('config <experiment>')
    .description('print an experiment as the lab understands it, as YAML; converts those of Backdoors 101')
    .addOption(settings())
    .option('--complete', 'print every key, not only what differs from the defaults')
    .option('--link', 'print the fragment of a link to the page instead')
    .option('--debug', 'print the stack of an error')
    .action(async (file: string, options: ShowConfigOptions) => {
      const { showConfig } = await import('./show-config.ts');
      done(await showConfig(file, options, terminal));
    });
  lab
    .command('backends')
    .description('what can compute here, whether it computes right, and how fast')
    .option('--measure', 'measure anew what `auto` takes; otherwise it is remembered for 30 days')
    .option('--debug', 'print the stack of an error')
    .action(async (options: { measure?: boolean }) => {
      const { showBackends } = await import('./show-backends.ts');
      done(await showBackends(options, terminal));
    });
  return lab;
}

function addRun(lab: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  lab
    .command('run <experiment>')
    .description('run an experiment (YAML, in the keys of the lab or of Backdoors 101) to its end')
    .addOption(settings())
    .addOption(backend('what computes, instead of what the experiment says'))
    .option('--json <file>', 'write the numbers as JSON; - is standard output')
    .option('--export <model>', 'write the trained model: .safetensors or .zip (LayersModel)', modelFile)
    .option('--half', 'export safetensors in half precision, half the size')
    .option(
      '--weights <model>',
      'start from this model: .safetensors, the .zip of a LayersModel or of a run, or a checkpoint',
    )
    .option('--checkpoint <file>', 'where the checkpoint is kept (default: runs/NAME-seed-SEED.checkpoint)')
    .option('--resume', 'go on from the checkpoint')
    .option('--halve-lr', 'with --resume: at half the learning rate, after a loss that was not a number')
    .option('--data <folder>', 'where the data sets are: FOLDER/mnist/manifest.json')
    .addOption(threads())
    .option('--quiet', 'print only warnings and errors')
    .option('--debug', 'print the stack of an error')
    .action(async (file: string, options: RunOptions, command: Command) => {
      if (options.halveLr && !options.resume) command.error('error: --halve-lr goes with --resume');
      if (options.half && options.export?.endsWith('.safetensors') !== true)
        command.error('error: --half goes with --export MODEL.safetensors');
      const { run } = await import('./run.ts');
      done(await run(file, options, terminal));
    });
}

function tableFile(file: string): string {
  if (/\.(csv|tex|svg)$/.test(file)) return file;
  throw new InvalidArgumentError('It must end with .csv, .tex or .svg.');
}

function modelFile(file: string): string {
  if (file.endsWith('.safetensors') || file.endsWith('.zip')) return file;
  throw new InvalidArgumentError('It must end with .safetensors or .zip.');
}
