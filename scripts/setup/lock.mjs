/** One set-up at a time: two commands in a fresh checkout must not install over each other. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './files.mjs';

const LOCK = at('build/.setup-lock');
const OWNER = at('build/.setup-lock/pid');

/** Runs `work` while no other process is in here. A lock whose owner is gone is taken over. */
export async function withSetupLock(work) {
  await mkdir(at('build'), { recursive: true });
  for (let told = false; !(await taken()); told = true) {
    if (!told) console.error('Another command is setting the lab up; waiting for it.');
    await sleep(300);
  }
  try {
    return await work();
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

async function taken() {
  try {
    await mkdir(LOCK);
  } catch {
    if (!(await ownerIsAlive())) await rm(LOCK, { recursive: true, force: true });
    return false;
  }
  await writeFile(OWNER, String(process.pid));
  return true;
}

async function ownerIsAlive() {
  try {
    // The owner writes its number just after it took the lock.
    const pid = Number(
      await readFile(OWNER, 'utf8').catch(() => sleep(500).then(() => readFile(OWNER, 'utf8'))),
    );
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
