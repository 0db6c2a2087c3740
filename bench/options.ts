/** The command line of the bench. */
import { suggest } from '../src/core/config/nearest.ts';
import { LabError } from '../src/core/errors.ts';
import { BACKEND_CHOICES, type BackendChoice, PEERS, type PeerName, PLACES } from './contestants.ts';
import type { Where } from './protocol.ts';
import { GROUPS, WORKLOAD_NAMES, type WorkloadName, WORKLOADS } from './workload-list.ts';

export interface BenchOptions {
  backends: BackendChoice[];
  only: WorkloadName[];
  places: Where[];
  peers: PeerName[];
  /** Threads of the lab on wasm and of PyTorch, so that both have the same; null: the cores, at most four. */
  threads: number | null;
  torchDevice: string;
  rounds: number | null;
  quick: boolean;
  softwareGpu: boolean;
  json: string | null;
  doc: string | null;
  help: boolean;
  debug: boolean;
}

export const USAGE = `Usage: npm run bench [-- options]

Times the lab beside PyTorch and stock TensorFlow.js, in Node and in Chromium, in one run, in turns.

  --only NAMES      workloads or groups, with commas between (default: all that take no minutes)
                    groups: ${Object.keys(GROUPS).join(', ')}
                    ${wrapped(WORKLOAD_NAMES, 20)}
                    only by name: ${WORKLOAD_NAMES.filter((name) => !WORKLOADS[name].usual).join(', ')}
  --backend NAMES   the lab's backends: ${BACKEND_CHOICES.join(', ')} (default: wasm, the better of both)
  --where NAMES     ${PLACES.join(', ')} (default: both)
  --peers NAMES     ${PEERS.join(', ')}, or none (default: all)
  --threads N       threads of the lab on wasm and of PyTorch (default: the cores, at most 4)
  --torch-device D  PyTorch's device, such as cuda (default: cpu)
  --rounds N        rounds of each workload (default: 9)
  --quick           few short rounds: does it work at all?
  --software-gpu    time webgl and webgpu on a GPU in software, too
  --json FILE       write the figures as JSON
  --doc FILE        write the table into a Markdown file, between its bench markers
  --debug           print the stack of an error
  --help            print this`;

/** @throws LabError E-CONFIG-KEY for an unknown option, E-CONFIG-VALUE for a value that does not fit */
export function readOptions(given: readonly string[]): BenchOptions {
  const options: BenchOptions = {
    backends: ['wasm'],
    only: WORKLOAD_NAMES.filter((name) => WORKLOADS[name].usual),
    places: [...PLACES],
    peers: [...PEERS],
    threads: null,
    torchDevice: 'cpu',
    rounds: null,
    quick: false,
    softwareGpu: false,
    json: null,
    doc: null,
    help: false,
    debug: false,
  };
  const words = given.flatMap((word) =>
    /^--[\w-]+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word],
  );
  for (let position = 0; position < words.length; position++) {
    const name = words[position] ?? '';
    const value = (): string => {
      const next = words[++position];
      if (next === undefined || next === '' || next.startsWith('--'))
        throw badValue(name, 'It needs a value.');
      return next;
    };
    switch (name) {
      case '--only':
        options.only = workloads(value());
        break;
      case '--backend':
        options.backends = listOf(name, value(), BACKEND_CHOICES);
        break;
      case '--where':
        options.places = listOf(name, value(), PLACES);
        break;
      case '--peers': {
        const peers = value();
        options.peers = peers === 'none' ? [] : listOf(name, peers, PEERS);
        break;
      }
      case '--threads':
        options.threads = count(name, value(), 1024);
        break;
      case '--rounds':
        options.rounds = count(name, value(), 1000);
        break;
      case '--torch-device':
        options.torchDevice = value();
        break;
      case '--json':
        options.json = value();
        break;
      case '--doc':
        options.doc = value();
        break;
      case '--quick':
        options.quick = true;
        break;
      case '--software-gpu':
        options.softwareGpu = true;
        break;
      case '--debug':
        options.debug = true;
        break;
      case '--help':
      case '-h':
        options.help = true;
        break;
      default:
        throw unknownOption(name);
    }
  }
  return options;
}

const NAMES = [...USAGE.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, name]) => name ?? '');

function workloads(text: string): WorkloadName[] {
  const names = listOf('--only', text, [...WORKLOAD_NAMES, ...Object.keys(GROUPS)]);
  const wanted = new Set(names.flatMap((name) => GROUPS[name] ?? [name as WorkloadName]));
  return WORKLOAD_NAMES.filter((name) => wanted.has(name));
}

function listOf<Name extends string>(option: string, text: string, known: readonly Name[]): Name[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  return names.map((name) => {
    const found = known.find((candidate) => candidate === name);
    if (found === undefined) {
      throw badValue(
        option,
        `There is no "${name}". ${suggest(name, known)}`,
        `Give one of ${known.join(', ')}.`,
      );
    }
    return found;
  });
}

function count(option: string, text: string, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= 1 && number <= most) return number;
  throw badValue(option, `It is a whole number from 1 to ${most}, not "${text}".`);
}

function badValue(
  option: string,
  why: string,
  fix = '`npm run bench -- --help` lists the options.',
): LabError {
  return new LabError({
    code: 'E-CONFIG-VALUE',
    what: `The value of ${option} does not fit.`,
    why,
    fix,
    where: option,
  });
}

function unknownOption(name: string): LabError {
  return new LabError({
    code: 'E-CONFIG-KEY',
    what: `The bench has no option "${name}".`,
    why: suggest(name, NAMES),
    fix: '`npm run bench -- --help` lists the options.',
    where: name,
  });
}

function wrapped(words: readonly string[], indent: number): string {
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length > 84) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line}, ${word}`;
  }
  return lines.join(`,\n${' '.repeat(indent)}`);
}
