import { describe, expect, it } from 'vitest';
import { makeTarGz, type TarPart } from '../../formats/tar.test-support.ts';
import { isImages, type TextDataset } from '../dataset.ts';
import { imdbLoader } from './imdb.ts';
import type { LoadRequest, SourceFile } from './loader.ts';
import { loadRequest } from './pictures.test-support.ts';
import { memoryFile } from './source-files.ts';
import { spamLoader } from './spam.ts';

const mail = (path: string, subject: string, body = 'text'): TarPart => ({
  path,
  contents: `From: a@b\nReceived: from secret\nSubject: ${subject}\n\n${body}\n`,
});
const hash = '7c53336b37003a9286aba55d2945844c';
const parts = [
  ...Array.from({ length: 12 }, (_, at) =>
    mail(`package/data/easy-ham-1/000${at + 10}.${hash}.txt`, `meeting ${at}`),
  ),
  ...Array.from({ length: 8 }, (_, at) =>
    mail(`package/data/spam-2/000${at + 10}.${hash}.txt`, `win ${at}`, '<b>now</b>'),
  ),
  mail(`package/data/hard-ham-1/00099.${hash}.txt`, 'news'),
  { path: `package/data/spam-2/00010.${hash}.json`, contents: '{"text":"win"}' },
  { path: 'package/package.json', contents: '{}' },
];
const archive = (files: readonly TarPart[] = parts): SourceFile =>
  memoryFile('spam-assassin.tgz', makeTarGz(files));

async function read(
  files: readonly SourceFile[],
  request: LoadRequest = loadRequest(),
): Promise<TextDataset> {
  const dataset = await spamLoader.read(files, request);
  if (isImages(dataset)) throw new Error('no texts');
  return dataset;
}

describe('spam and other e-mail', () => {
  it('are read from their folders, each mail once, without the headers that tell who sorted it', async () => {
    expect(await spamLoader.accepts([archive()])).toBe(true);
    const { info, train, test, words } = await read([archive()]);
    expect(info.classes).toEqual(['ham', 'spam']);
    expect([train.count, test.count]).toEqual([19, 2]);
    expect([...train.labels, ...test.labels].filter((label) => label === 1)).toHaveLength(8);
    expect(words).toContain('meeting');
    expect(words).toContain('now');
    for (const hidden of ['received', 'secret', 'package', 'b']) expect(words).not.toContain(hidden);
  });

  it('are the same from an archive of any order and from loose files', async () => {
    const whole = await read([archive()]);
    const { train, words } = await read([archive([...parts].reverse())]);
    expect([train, words]).toEqual([whole.train, whole.words]);
    const loose = parts.map(({ path, contents }) =>
      memoryFile(path, new TextEncoder().encode(String(contents))),
    );
    expect(await spamLoader.accepts(loose)).toBe(true);
    expect((await read(loose)).train).toEqual(whole.train);
  });

  it('may have the names that the corpus itself gives, and those of Enron-Spam', async () => {
    const names = [
      'easy_ham/0001.ab12',
      'hard_ham_2/0002.cd34',
      'spam/0003.ef56',
      'enron1/spam/0004.2003-12-18.GP.spam.txt',
    ];
    const few = [...names, 'easy_ham/cmds', 'README'].map((path) => mail(path, path));
    const { train, test } = await read([
      archive([...few, ...few.map((part) => ({ ...part, path: `again/${part.path}` }))]),
    ]);
    expect(train.count + test.count).toBe(8);
  });

  it('are left alone where the file is another', async () => {
    expect(
      await spamLoader.accepts([memoryFile('spam.csv', new TextEncoder().encode('v1,v2\nham,hello\n'))]),
    ).toBe(false);
    expect(await spamLoader.accepts([memoryFile('aclImdb_v1.tar.gz', makeTarGz(parts))])).toBe(false);
    expect(await imdbLoader.accepts([archive()])).toBe(false);
  });

  it('are refused where there is no mail, one kind alone, a file cut short, a path that leads out', async () => {
    const refused = async (file: SourceFile, why: RegExp): Promise<void> => {
      await expect(read([file])).rejects.toThrow(why);
    };
    await refused(archive(parts.slice(-1)), /E-DATASET.*holds no e-mail/s);
    await refused(archive(parts.slice(0, 12)), /E-DATASET/);
    const whole = makeTarGz(parts);
    await refused(memoryFile('spam.tgz', whole.slice(0, whole.length - 30)), /E-DATASET/);
    await refused(archive([mail('data/../../spam/1.txt', 'x')]), /E-DATASET.*leads out/s);
    await refused(archive([{ ...mail(`spam-1/00001.${hash}.txt`, 'x'), size: 10_000 }]), /E-DATASET/);
  });

  it('of no likely length are left out, and this is said', async () => {
    const request = loadRequest();
    const long = mail(`spam-1/00002.${hash}.txt`, 'long', 'x'.repeat(4_000_001));
    const { train, test } = await read([archive([...parts, long])], request);
    expect(train.count + test.count).toBe(21);
    expect(request.warnings[0]).toMatch(/^1 e-mail was left out\. /);
  });
});
