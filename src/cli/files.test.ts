import { execFileSync } from 'node:child_process';
import { lstat, mkdir, open, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertDistinct, assertWritable, moveAside, writeWhole } from './files.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';

const at = temporaryFolder('files');

describe('writing a file', () => {
  it('keeps a link a link and writes its target', async () => {
    await mkdir(at('elsewhere'));
    await writeFile(at('elsewhere/real.json'), 'old');
    await symlink('elsewhere/real.json', at('link.json'));
    await symlink('elsewhere/later.json', at('dangling.json'));
    for (const [link, target] of [
      ['link.json', 'real.json'],
      ['dangling.json', 'later.json'],
    ] as const) {
      await assertWritable(at(link));
      await writeWhole(at(link), 'new');
      expect((await lstat(at(link))).isSymbolicLink()).toBe(true);
      expect(await readFile(at(`elsewhere/${target}`), 'utf8')).toBe('new');
    }
    expect((await readdir(at('elsewhere'))).sort()).toEqual(['later.json', 'real.json']);
  });

  it('writes to a device and leaves it one', async () => {
    await symlink('/dev/null', at('sink'));
    await assertWritable(at('sink'));
    await writeWhole(at('sink'), 'gone');
    expect((await lstat(at('sink'))).isSymbolicLink()).toBe(true);
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it('writes into a pipe and leaves it one', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await assertWritable(at('pipe'));
    // For reading and writing, so that neither side waits for the other.
    const reader = await open(at('pipe'), 'r+');
    await writeWhole(at('pipe'), 'through');
    const { buffer, bytesRead } = await reader.read(Buffer.alloc(100), 0, 100);
    await reader.close();
    expect(buffer.toString('utf8', 0, bytesRead)).toBe('through');
    expect((await lstat(at('pipe'))).isFIFO()).toBe(true);
  });

  it.each([
    ['a folder', '.', /It is a folder/],
    ['a path below a file', 'plain/below/x', /file/],
    ['a link to itself', 'loop', /leads back/],
  ])('refuses %s with E-STORAGE, before and when it writes', async (_, name, why) => {
    await writeFile(at('plain'), '');
    await symlink('loop', at('loop')).catch(() => undefined);
    const refused = { code: 'E-STORAGE', why: expect.stringMatching(why) as unknown };
    await expect(assertWritable(at(name))).rejects.toMatchObject(refused);
    await expect(writeWhole(at(name), 'x')).rejects.toMatchObject(refused);
  });
});

describe('moving a file aside', () => {
  it('numbers the names, so that nothing is lost', async () => {
    const file = at('run.checkpoint');
    const names: (string | null)[] = [];
    for (const text of ['one', 'two', 'three']) {
      await writeFile(file, text);
      names.push(await moveAside(file));
    }
    const real = names.map((name) => path.basename(name ?? ''));
    expect(real).toEqual(['', '-2', '-3'].map((end) => `run.checkpoint.previous${end}`));
    expect(await readFile(`${file}.previous`, 'utf8')).toBe('one');
    expect(await moveAside(file)).toBeNull();
  });

  it('says E-STORAGE when it cannot', async () => {
    await writeFile(at('flat'), '');
    await expect(moveAside(at('flat/x'))).rejects.toMatchObject({ code: 'E-STORAGE' });
  });
});

describe('files that must differ', () => {
  it('are told apart by what they are, not how they are written', async () => {
    await writeFile(at('a'), '');
    await symlink('a', at('b'));
    await expect(assertDistinct({ one: at('a'), two: at('b') })).rejects.toThrow(
      'cannot be both one and two',
    );
    const twice = { one: at('no/x'), two: at('no/y/../x') };
    await expect(assertDistinct(twice)).rejects.toMatchObject({ code: 'E-STORAGE' });
    await expect(assertDistinct({ one: at('a'), two: `${at('.')}/no/../a` })).rejects.toThrow(
      'both one and two',
    );
    await assertDistinct({ one: at('a'), two: at('no/x'), three: undefined, four: at('c') });
    await assertDistinct({ one: '/dev/null', two: '/dev/null' });
  });
});
