/** Generated files as the formatter leaves them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { format, type OxfmtConfig } from 'oxfmt';

const ROOT = path.resolve(import.meta.dirname, '..');

/** The text of a file, by its path from the root of the project, formatted by the rules of `.oxfmtrc.json`. */
export async function formatted(file: string, text: string): Promise<string> {
  const rules = JSON.parse(await readFile(path.join(ROOT, '.oxfmtrc.json'), 'utf8')) as OxfmtConfig;
  const { overrides = [], ...options } = rules;
  for (const { files, options: further } of overrides)
    if (files.includes(file)) Object.assign(options, further);
  const { code, errors } = await format(file, text, options);
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join('; ')}`);
  return code;
}
