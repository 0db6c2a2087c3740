import { z } from 'zod';
import type { Update } from '../../core/aggregation/aggregator.ts';
import { fedavg } from '../../core/aggregation/fedavg.ts';
import { normClipping } from '../../core/aggregation/norm-clipping.ts';
import { lengthOf } from '../../core/aggregation/vectors.ts';
import { serverRate, takeStep } from '../../core/federated/server-step.ts';
import { randomStream } from '../../core/rng/random.ts';
import { type Comparison, compared } from './compare.ts';
import { flatten, nestedNumbers } from './nested.ts';
import { wave } from './wave.ts';

const waveSpec = z.object({ shape: z.array(z.int().min(1)).min(1), seed: z.number(), scale: z.number() });
/** Such as `511+client`. */
const clientSeed = z.string().regex(/^\d+\+client$/);

const schema = z.object({
  global_a: waveSpec,
  global_b: waveSpec,
  client_seeds: z.object({ a: clientSeed, b: clientSeed }),
  cases: z
    .array(
      z.object({
        dp: z.boolean(),
        clip: z.number().positive().nullable(),
        eta: z.number(),
        total_participants: z.int().min(1),
        weight_scale_client2: z.number(),
        update_norms: z.array(z.number()).min(1),
        global_a: nestedNumbers,
        global_b: nestedNumbers,
      }),
    )
    .min(1),
});

/** One federated round of a few clients, the third of which scales its update: lengths of updates, and the global weights after. */
export function checkFlAggregation(document: unknown): Comparison[] {
  const { global_a: a, global_b: b, client_seeds: seeds, cases } = schema.parse(document);
  const weights = (seedA: number, seedB: number): Float32Array =>
    Float32Array.of(...wave({ ...a, seed: seedA }), ...wave({ ...b, seed: seedB }));
  const start = weights(a.seed, b.seed);
  const [firstA, firstB] = [parseInt(seeds.a), parseInt(seeds.b)];
  return cases.flatMap((one, index) => {
    const updates = one.update_norms.map((_, client): Update => {
      const scale = client === 2 ? one.weight_scale_client2 : 1;
      const local = weights(firstA + client, firstB + client);
      return { client, examples: 1, delta: local.map((value, at) => (value - (start[at] ?? 0)) * scale) };
    });
    const round = {
      updates,
      random: randomStream(0, 'reference'),
      lastLayer: [0, start.length] as const,
      server: null,
      memory: {},
    };
    const { delta } =
      one.dp && one.clip !== null
        ? normClipping.aggregate({ kind: 'norm_clipping', bound: one.clip }, round)
        : fedavg.aggregate({ kind: 'fedavg', weighting: 'equal' }, round);
    const global = start.slice();
    takeStep(global, delta, serverRate(one.eta, updates.length, one.total_participants));
    return [
      compared(
        `case ${index + 1}, lengths of the updates`,
        updates.map((update) => lengthOf(update.delta)),
        one.update_norms,
      ),
      compared(`case ${index + 1}, global weights`, Array.from(global), [
        ...flatten(one.global_a),
        ...flatten(one.global_b),
      ]),
    ];
  });
}
