import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import { defense } from '../core/config/schema-defense.ts';
import { DEFENSE_CLAIMS } from '../core/experiment/defense-claims.ts';
import { controlFolder } from './control-folder.ts';
import { MATRIX_ATTACKS, MATRIX_DEFENSES } from './reproduce-matrix.ts';
import { reproduce, usualSeeds } from './reproduce.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab, TestTerminal } from './terminal.test-support.ts';
import { writeFirstShards } from './tiny-run.test-support.ts';

const at = temporaryFolder('reproduce-defenses');

beforeAll(() => writeFirstShards(at('data')));

/** A handful of steps: nothing is learnt, everything is measured. */
const SHORT = {
  training: { epochs: 1, max_batches: 2, batch_size: 16 },
  task: { train_examples: 120, test_examples: 60 },
};

async function reproduced(
  names: string[],
  more: { seeds?: number; doc?: string; json?: string; table?: string; kept?: boolean } = {},
  data = at('data'),
) {
  const terminal = new TestTerminal();
  const options = {
    seeds: 1,
    data,
    overlay: SHORT,
    threads: 1,
    models: controlFolder(at('models')),
    ...more,
  };
  const exitCode = await reproduce(names, options, terminal);
  return { exitCode, out: terminal.outText, err: terminal.errText };
}

describe('lab reproduce defenses', () => {
  it('says of each claim over the seeds whether it holds, and fails where one does not', async () => {
    const [json, doc] = [at('claims.json'), at('claims.md')];
    const { exitCode, out, err } = await reproduced(['defenses', 'clp'], { seeds: 2, json, doc });
    const [row = ''] = out.trim().split('\n').slice(2);
    const held = err.match(/, holds$/gm)?.length ?? 0;
    expect(row).toMatch(/^\| Channel Lipschitz pruning .*ASR after .*\| ASR below 0.1, .*\| 2 +\|/);
    expect(row).toContain(`(${held} of 2)`);
    expect(exitCode).toBe(held === 2 ? 0 : 1);
    expect(err).toContain('clp, seed 2: ASR ');
    expect(await readFile(doc, 'utf8')).toContain('reproduce defenses clp --seeds 2 --doc');
    // Neither models nor figures a second time.
    const again = await reproduced(['defenses', 'clp'], { seeds: 2, json }, at('nowhere'));
    expect(again.out).toBe(out);
    const shown = await reproduced(['defenses'], { seeds: 3, json, kept: true });
    expect(shown.out.trim()).toBe(out.trim());
  });

  it('claims nothing of a defense that it does not know', async () => {
    await expect(reproduced(['defenses', 'nonsense'])).rejects.toThrow('claims nothing of a defense');
  });

  it('has claims that are all valid, each under a name of its own', () => {
    for (const claim of DEFENSE_CLAIMS) {
      expect(() => parseConfig({ ...claim.experiment, seed: 1 })).not.toThrow();
      expect(() => defense.parse(claim.defense)).not.toThrow();
    }
    expect(new Set(DEFENSE_CLAIMS.map(({ id }) => id)).size).toBe(DEFENSE_CLAIMS.length);
    expect([usualSeeds(['defenses']), usualSeeds(['matrix']), usualSeeds([])]).toEqual([5, 1, 3]);
  });

  it('holds a repair to both its figures, and a filter to what is trained without its finds', () => {
    const shown = { attackSuccess: 1, score: null, verdict: null, labels: [], seconds: 1 };
    const of = (id: string) => DEFENSE_CLAIMS.find((claim) => claim.id === id);
    const repaired = (after: number, clean: number) =>
      of('clp')?.holds({ ...shown, metrics: { attack_success_after: after, clean_accuracy_before: 0.98, clean_accuracy_after: clean } }); // prettier-ignore
    expect([repaired(0.05, 0.96), repaired(0.05, 0.94), repaired(0.2, 0.98)]).toEqual([true, false, false]);
    const filtered = (auroc: number, after: number | null) =>
      of('scan')?.holds({ ...shown, metrics: { auroc, attack_success_after: after } });
    expect([filtered(0.99, 0.01), filtered(0.97, 0.01), filtered(1, null)]).toEqual([true, false, false]);
  });
});

describe('lab reproduce matrix', () => {
  it('runs each defense on each attack once, with a dash where one cannot work', async () => {
    const [json, doc, table] = [at('matrix.json'), at('matrix.md'), at('matrix.csv')];
    const names = ['matrix', 'none', 'badnets', 'clp', 'sentinet', 'spectral_signatures'];
    const { exitCode, out, err } = await reproduced(names, { json, doc, table });
    expect(exitCode).toBe(0);
    const [head, , none, badnets] = out.split('\n');
    expect(head).toMatch(/attack .*clean; ASR .*CLP.* Spectral Signatures .*SentiNet/);
    expect(none).toMatch(/^\| No attack +\| 0\.\d\d; - +\|.*\| - +\| - +\|$/);
    expect(badnets).toMatch(/[01]\.\d\d; [01]\.\d\d +\| - +\|$/);
    expect(err).toContain('badnets x clp, seed 1: 0.');
    const lines = (await readFile(table, 'utf8')).trim().split('\n');
    expect(lines.length).toBe(1 + 2 * 3);
    expect(lines[0]).toContain('attack,defense,seed,verdict,score,flagged');
    expect(lines.find((line) => line.startsWith('badnets,sentinet'))).toContain('needs 40 clean examples');
    const page = await readFile(doc, 'utf8');
    expect(page).toContain(out.trim());
    expect(page).toContain('SentiNet needs 40 clean examples');
    expect(page).toMatch(/\| WaNet +\| 0.91; 0.90/);
    const svg = at('matrix.svg');
    const again = await reproduced(names, { json, table: svg }, at('nowhere'));
    expect(again.out).toBe(out);
    expect(await readFile(svg, 'utf8')).toContain('</svg>');
  });

  it('has the attacks on MNIST and every defense that is not told the trigger', () => {
    expect(MATRIX_ATTACKS.length).toBeGreaterThanOrEqual(12);
    expect(MATRIX_DEFENSES.length).toBeGreaterThanOrEqual(8);
    expect(MATRIX_DEFENSES.map(({ id }) => id)).not.toContain('trigger_activation');
  });

  it('knows its attacks and defenses by name, and where its table goes', async () => {
    await expect(reproduced(['matrix', 'nonsense'])).rejects.toThrow('neither an attack nor a defense');
    expect((await lab('reproduce', 'blind', '--table', at('x.csv'))).exitCode).toBe(2);
    expect((await lab('reproduce', 'matrix', '--table', at('x.doc'))).exitCode).toBe(2);
  });
});
