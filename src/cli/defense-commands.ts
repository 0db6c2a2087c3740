import type { Command, Option } from 'commander';
import type { DefendOptions } from './defend.ts';
import type { Terminal } from './output.ts';

/** Options that other commands have too. */
export interface SharedOptions {
  settings: () => Option;
  backend: (description: string) => Option;
  threads: () => Option;
  seeds: (value: string) => number;
}

/** `lab defend`. */
export function addDefend(
  lab: Command,
  terminal: Terminal,
  done: (exitCode: number) => void,
  { settings, backend, threads, seeds }: SharedOptions,
): void {
  lab
    .command('defend <model>')
    .description(
      'run defenses on a model (.safetensors, .zip), a checkpoint or the JSON of a run, each beside a clean control',
    )
    .option(
      '--defense <name[,name]>',
      'which, by their ids; ID@VARIANT takes a known implementation (default: those of the experiment)',
      (names: string) => names.split(',').map((name) => name.trim()),
    )
    .option('--config <experiment>', 'data and trigger, where the model does not say')
    .addOption(settings())
    .option('--seeds <n>', 'over n seeds, from that of the experiment on', seeds, 1)
    .addOption(backend('what computes, instead of what the experiment says'))
    .option('--json <file>', 'write the verdicts as JSON; - is standard output')
    .option('--data <folder>', 'where the data sets are: FOLDER/mnist/manifest.json')
    .option('--no-control', 'leave out the clean control')
    .addOption(threads())
    .option('--quiet', 'print only warnings and errors')
    .option('--debug', 'print the stack of an error')
    .action(async (model: string, options: DefendOptions) => {
      const { defend } = await import('./defend.ts');
      done(await defend(model, options, terminal));
    });
}
