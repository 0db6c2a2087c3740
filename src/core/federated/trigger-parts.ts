/** Parts of a trigger, one for each attacker. Source: Xie et al., DBA: Distributed Backdoor Attacks, ICLR 2020, section 3. */
import type { SynthesizerConfig } from '../config/schema.ts';
import { LabError } from '../errors.ts';

/**
 * The part of a trigger that attacker `part` of `parts` trains on: its pixels are dealt out in reading order, in runs.
 * @throws LabError E-CONFIG-VALUE for a trigger that is no set of pixels
 */
export function triggerPart(synthesizer: SynthesizerConfig, part: number, parts: number): SynthesizerConfig {
  if (parts <= 1) return synthesizer;
  if (synthesizer.kind === 'painted') {
    const { pixels } = synthesizer;
    return {
      ...synthesizer,
      pixels: pixels.filter((_, index) => belongs(index, pixels.length, part, parts)),
    };
  }
  if (synthesizer.kind === 'pattern') {
    const there = synthesizer.rows.flat().filter((value) => value !== null).length;
    let index = 0;
    const rows = synthesizer.rows.map((row) =>
      row.map((value) => (value === null || belongs(index++, there, part, parts) ? value : null)),
    );
    return { ...synthesizer, rows };
  }
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `The trigger ${synthesizer.kind} cannot be dealt out over several clients.`,
    why: 'A distributed backdoor gives each compromised client some of the trigger’s pixels.',
    fix: 'Take a pattern or a painted trigger, or set federated.compromised.distributed to false.',
    where: 'federated.compromised.distributed',
  });
}

/** Whether pixel `index` of `count` is of this part; with more parts than pixels some share one. */
function belongs(index: number, count: number, part: number, parts: number): boolean {
  const used = Math.min(parts, count);
  return Math.floor((index * used) / count) === part % used;
}
