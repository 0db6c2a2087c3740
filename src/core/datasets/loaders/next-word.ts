/**
 * Text in which the next word is to be told: posts of Reddit as JSON lines, or any plain text. Each example is a window
 * of words, its class the word after it.
 * Source: McMahan et al., Communication-Efficient Learning of Deep Networks from Decentralized Data, AISTATS 2017,
 * section 3; Bagdasaryan et al., How To Backdoor Federated Learning, AISTATS 2020, section 4.2.
 */
import { LabError } from '../../errors.ts';
import { grouped } from '../../formats/bytes.ts';
import { tokenize } from '../../text/tokenizer.ts';
import type { Loader, SourceFile } from './loader.ts';
import { TextCollector } from './text-set.ts';

/** Words that come before the one to be told. */
const WINDOW = 20;

/** Words that can be told; all others are one class. */
const TOLD_WORDS = 2000;

const UNKNOWN = '(another word)';

/** Words of a text before the first that is to be told. */
const FEWEST = 4;

const MAX_BYTES = 2 ** 29;

/** Every n-th post measures. */
const TEST_EVERY = 10;

export const nextWordLoader: Loader = {
  id: 'next-word',
  title: 'Next word',
  description: 'Plain text, a post a line, or JSON lines with a field body: the class is the next word.',

  accepts: (files) =>
    Promise.resolve(files.length > 0 && files.every(({ name }) => /\.(txt|text|jsonl|ndjson)$/i.test(name))),

  async read(files, { id, title, seed, signal, onProgress }) {
    const posts: string[][] = [];
    for (const file of files) {
      signal.throwIfAborted();
      for (const post of await postsOf(file)) posts.push(tokenize(post));
      onProgress(file.size, file.size, 'bytes');
    }
    const told = new Set(commonest(posts, TOLD_WORDS));
    const collector = new TextCollector();
    for (const [number, words] of posts.entries()) {
      const split = number % TEST_EVERY === TEST_EVERY - 1 ? 'test' : 'train';
      for (let next = FEWEST; next < words.length; next++) {
        const word = words[next] ?? '';
        const path = `${String(number).padStart(9, '0')}/${String(next).padStart(6, '0')}`;
        const before = words.slice(Math.max(0, next - WINDOW), next);
        collector.addTokens(split, path, before, told.has(word) ? word : UNKNOWN);
      }
    }
    const source = files.map(({ name }) => name).join(', ');
    return collector.dataset({ id, title, seed, source, classes: [UNKNOWN, ...told], length: WINDOW });
  },
};

async function postsOf(file: SourceFile): Promise<string[]> {
  if (file.size > MAX_BYTES) {
    throw refused(file, `It has ${grouped(file.size)} bytes; the lab reads up to ${grouped(MAX_BYTES)}.`);
  }
  const lines = new TextDecoder().decode(await file.bytes(0, file.size)).split(/\r?\n/);
  if (!/\.(jsonl|ndjson)$/i.test(file.name)) return lines;
  return lines.flatMap((line, at) => (line.trim() === '' ? [] : [bodyOf(file, line, at)]));
}

function bodyOf(file: SourceFile, line: string, at: number): string {
  try {
    const post: unknown = JSON.parse(line);
    if (typeof post === 'object' && post !== null && 'body' in post && typeof post.body === 'string')
      return post.body;
  } catch {
    // said below
  }
  throw refused(file, `Line ${at + 1} is not JSON with a text named body.`);
}

function commonest(posts: readonly (readonly string[])[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const words of posts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([left, a], [right, b]) => b - a || (left < right ? -1 : 1))
    .slice(0, most)
    .map(([word]) => word);
}

function refused({ name }: SourceFile, why: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${name} cannot be read as text.`,
    why,
    fix: 'Give plain text with a post on each line, or JSON lines such as {"body": "a post"}.',
    where: name,
  });
}
