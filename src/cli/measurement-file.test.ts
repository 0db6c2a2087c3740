import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend } from '../engine/backend/choose.ts';
import type { Measurement } from '../engine/backend/measurement.ts';
import { MeasurementFile, rememberInFile } from './measurement-file.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';

const measured = (milliseconds: number): Measurement => ({
  measuredAt: 1,
  outcomes: [{ name: 'wasm', milliseconds }],
});

describe('the file of measurements', () => {
  const at = temporaryFolder('measurements');

  it('gives back what was kept, for each machine, until it is forgotten', async () => {
    const file = new MeasurementFile(at('new/folder/backends.json'));
    expect(await file.load('a')).toBeUndefined();
    await file.save('a', measured(1));
    await file.save('b', measured(2));
    await file.save('a', measured(3));
    expect(await file.load('a')).toEqual(measured(3));
    await file.forget('a');
    expect(await file.load('a')).toBeUndefined();
    expect(await file.load('b')).toEqual(measured(2));
  });

  it.each(['', '{ "a": ', '[1]', '7', 'null'])('counts %j as empty, and writes it anew', async (text) => {
    const path = at('spoilt.json');
    await writeFile(path, text);
    const file = new MeasurementFile(path);
    expect(await file.load('0')).toBeUndefined();
    await file.save('a', measured(1));
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ a: measured(1) });
  });

  it('drops the oldest of many machines', async () => {
    const file = new MeasurementFile(at('many.json'));
    for (let index = 0; index < 17; index++) await file.save(`machine ${index}`, measured(1));
    expect(await file.load('machine 0')).toBeUndefined();
    expect(await file.load('machine 16')).toBeDefined();
  });

  it('rejects where it cannot be written, which the choice takes as nothing kept', async () => {
    await mkdir(at('folder.json'));
    const file = new MeasurementFile(at('folder.json'));
    expect(await file.load('a')).toBeUndefined();
    await expect(file.save('a', measured(1))).rejects.toMatchObject({ code: 'E-STORAGE' });
  });
});

describe('what the terminal remembers', () => {
  const at = temporaryFolder('remembered');

  it('lasts until the next command, in this Node, and with this version of the lab', async () => {
    const store = new MeasurementFile(at('backends.json'));
    const first = await chooseBackend('auto', nodeAssets, rememberInFile({ store }));
    expect(first.reason).toMatch(/measured now$/);
    const second = await chooseBackend(
      'auto',
      nodeAssets,
      rememberInFile({ store: new MeasurementFile(at('backends.json')) }),
    );
    expect(second.reason).toMatch(/measured on \d{4}-\d{2}-\d{2}$/);
    const again = await chooseBackend('auto', nodeAssets, rememberInFile({ store, anew: true }));
    expect(again.reason).toMatch(/measured now$/);
    const kept = await readFile(at('backends.json'), 'utf8');
    expect(kept).toContain(process.version);
    expect(kept).toContain('lab ');
  });

  it('costs nothing where the folder cannot be written', async () => {
    await writeFile(at('file'), '');
    const store = new MeasurementFile(at('file/below.json'));
    const { reason } = await chooseBackend('auto', nodeAssets, rememberInFile({ store }));
    expect(reason).toMatch(/measured now$/);
  });
});
