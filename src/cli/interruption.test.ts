/** Runs that stop before their end, and how they go on. Signals go to a process of their own. */
import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../core/formats/safetensors.ts';
import { readJson, TinyRun, withoutTimes } from './tiny-run.test-support.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const tiny = new TinyRun();

describe('a run that was interrupted', () => {
  it('goes on after Ctrl-C as if it had never stopped, bit for bit', async () => {
    const [whole, parts] = [tiny.at('whole.safetensors'), tiny.at('parts.safetensors')];
    const [wholeJson, partsJson] = [tiny.at('whole.json'), tiny.at('parts.json')];
    await tiny.run('--export', whole, '--json', wholeJson);
    tiny.checkpoint = tiny.at('stopped.checkpoint');
    const { exitCode, terminal } = await tiny.interrupt(4, { export: parts });
    expect(exitCode).toBe(130);
    expect(terminal.errText).toContain(`Stopped at step 4; the checkpoint is ${tiny.checkpoint}`);
    expect(terminal.errText).toContain('--resume');
    await expect(stat(parts)).rejects.toThrow();
    const resumed = await tiny.run('--resume', '--export', parts, '--json', partsJson);
    expect([resumed.exitCode, resumed.err]).toEqual([0, '']);
    expect(resumed.out).toContain('going on after step 4');
    expect((await readFile(parts)).equals(await readFile(whole))).toBe(true);
    expect(withoutTimes(await readJson(partsJson))).toEqual(withoutTimes(await readJson(wholeJson)));
  });

  it('ends at once at a second Ctrl-C', async () => {
    const { terminal } = await tiny.interrupt(1, {}, 2);
    expect(terminal.exits).toEqual([130]);
  });

  it('stops at a loss that is not a number, and goes on at half the learning rate', async () => {
    const wild = [
      'training.optimizer={kind: sgd, learning_rate: 100, weight_decay: 1}',
      'attack.injection.balancer={kind: fixed, scales: {normal: 1000, backdoor: 1000}}',
      'checkpoints.every=1',
    ].flatMap((setting) => ['--set', setting]);
    const first = await tiny.run(...wild);
    expect(first.exitCode).toBe(1);
    expect(first.err).toContain('error E-NAN: At step');
    expect(first.err).toContain('--resume --halve-lr');
    const again = await tiny.run(...wild, '--resume', '--halve-lr');
    expect([0, 1]).toContain(again.exitCode);
    const { metadata } = readSafetensors(new Uint8Array(await readFile(tiny.checkpoint)));
    expect(JSON.parse(metadata['checkpoint'] ?? '')).toMatchObject({ learningRateFactor: 0.5 });
  });

  it('takes signals as a process: stops, keeps a checkpoint, says 130', async () => {
    const args = ['scripts/lab.mjs', 'run', tiny.experiment, '--checkpoint', tiny.checkpoint];
    const long = ['--set', 'training.epochs=100000'];
    const child = spawn(process.execPath, [...args, ...long], { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
      // Twice, as a terminal and npm would send one press.
      if (part.toString().includes('epoch 1/')) for (let press = 0; press < 2; press++) child.kill('SIGINT');
    });
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect([exitCode, err]).toEqual([130, expect.stringMatching(/Stopped at step \d+; the checkpoint is/)]);
    expect(out).toContain('WebAssembly, relaxed SIMD');
  });
});
