/**
 * Text in which the next word is to be told: posts of Reddit as JSON lines, or any plain text. Each example is a window
 * of words, its class the word after it.
 * Source: McMahan et al., Communication-Efficient Learning of Deep Networks from Decentralized Data, AISTATS 2017,
 * section 3; Bagdasaryan et al., How To Backdoor Federated Learning, AISTATS 2020, section 4.2.
 */
import { LabError } from '../../errors.ts';
import { grouped } from '../../formats/bytes.ts';
import { textLines } from '../../formats/text-pieces.ts';
import { tokenize } from '../../text/tokenizer.ts';
import { sourceOf } from './image-folder.ts';
import type { Loader, LoadRequest, SourceFile } from './loader.ts';
import { TextCollector } from './text-set.ts';

/** Words that come before the one to be told. */
const WINDOW = 20;

/** Words that can be told; all others are one class. */
const TOLD_WORDS = 2000;

const UNKNOWN = '(another word)';

/** Words of a text before the first that is to be told. */
const FEWEST = 4;

/** Windows that are read: each is an example, and one word makes one. */
const MAX_WINDOWS = 500_000;

/** Every n-th post measures. */
const TEST_EVERY = 10;

/** @param most windows that are read, 1 or more */
export const nextWords = (most: number): Loader => ({
  id: 'next-word',
  title: 'Next word',
  description:
    'Plain text, a post a line, or JSON lines with a field body or text: the class is the next word.',

  accepts: (files) =>
    Promise.resolve(
      files.length > 0 && files.every(({ name }) => /\.(txt|text|jsonl|ndjson)(\.gz)?$/i.test(name)),
    ),

  async read(files, request) {
    const posts = await readPosts(files, request, most);
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
    const { id, title, seed } = request;
    const classes = [UNKNOWN, ...told];
    return collector.dataset({ id, title, seed, source: sourceOf(files), classes, length: WINDOW });
  },
});

export const nextWordLoader = nextWords(MAX_WINDOWS);

/** The words of each post that has a word to tell, up to a bound: the files may be larger than memory. */
async function readPosts(
  files: readonly SourceFile[],
  { signal, onProgress, onWarning, columns }: LoadRequest,
  most: number,
): Promise<string[][]> {
  const posts: string[][] = [];
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let windows = 0;
  let before = 0;
  for (const file of files) {
    const onBytes = (done: number): void => onProgress(before + done, total, 'bytes');
    let line = 0;
    for await (const text of textLines(file, { signal, onBytes })) {
      line++;
      if (text.trim() === '') continue;
      const words = tokenize(isJsonLines(file) ? bodyOf(file, text, line, columns?.text) : text);
      if (words.length <= FEWEST) continue;
      windows += words.length - FEWEST;
      if (windows > most) {
        onWarning?.(cutShort(file, line, most));
        return posts;
      }
      posts.push(words);
    }
    before += file.size;
  }
  return posts;
}

function isJsonLines({ name }: SourceFile): boolean {
  return /\.(jsonl|ndjson)(\.gz)?$/i.test(name);
}

function bodyOf(file: SourceFile, text: string, line: number, name: string | undefined): string {
  const names = name === undefined ? ['body', 'text'] : [name];
  try {
    const post: unknown = JSON.parse(text);
    const fields = new Map<string, unknown>(
      typeof post === 'object' && post !== null ? Object.entries(post) : [],
    );
    const body: unknown = names.map((each) => fields.get(each)).find((value) => typeof value === 'string');
    if (typeof body === 'string') return body;
  } catch {
    // said below
  }
  throw refused(file, `Line ${grouped(line)} is not JSON with a text named ${names.join(' or ')}.`);
}

function commonest(posts: readonly (readonly string[])[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const words of posts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([left, a], [right, b]) => b - a || (left < right ? -1 : 1))
    .slice(0, most)
    .map(([word]) => word);
}

function cutShort({ name }: SourceFile, line: number, most: number): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `Only the first ${grouped(most)} words are told.`,
    why: `Line ${grouped(line)} of ${name} and what follows are left out, so that all fits in memory.`,
    fix: 'Give other parts of the posts to read these.',
    where: name,
  });
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
