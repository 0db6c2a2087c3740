/** The files of configs/attacks: each attack of the lab as an experiment, written from the list that `lab reproduce` runs. */
import { type Preset, PRESETS } from '../src/core/config/presets.ts';
import { parseConfig } from '../src/core/config/parse.ts';
import { configToYaml } from '../src/core/config/yaml-write.ts';
import { reproductionOf } from '../src/core/experiment/reproductions.ts';
import { formatted } from './docs-format.ts';

const WIDTH = 118;

/** A comment in lines of at most WIDTH. */
function comment(text: string): string {
  const lines = text.split(' ').reduce<string[]>((done, word) => {
    const line = `${done.at(-1) ?? '#'} ${word}`;
    if (done.length > 0 && line.length <= WIDTH) return [...done.slice(0, -1), line];
    return [...done, `# ${word}`];
  }, []);
  return lines.join('\n');
}

function fileOf({ id, title, description, expected, config }: Preset): string {
  const head = [
    `${title}. ${description}`,
    `Expected: ${expected} Over several seeds, beside a clean control: npm run -s lab -- reproduce ${id}`,
  ];
  return `${head.map(comment).join('\n')}\n${configToYaml(parseConfig(config))}`;
}

/** Each attack as YAML, by its path from the root of the project. */
export async function attackConfigs(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const preset of PRESETS.filter(({ id }) => reproductionOf(id) !== undefined)) {
    const file = `configs/attacks/${preset.id}.yaml`;
    files.set(file, await formatted(file, fileOf(preset)));
  }
  return files;
}
