import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import type { Work } from './messages.ts';
import { probabilitiesOf } from './perform.ts';
import type { Team } from './team.ts';

/** Images of one piece: few enough that a layer’s outputs stay near the processor, many enough to fill its tiles. */
const PIECE = 125;

/**
 * Class probabilities of several batches, in pieces shared by the team; null leaves whole batches to this thread (a GPU
 * wants them large).
 * @returns [count, classes] for each batch
 */
export async function predictAll(
  network: Network,
  team: Team | null,
  batches: readonly LabelledImages[],
): Promise<Float32Array[]> {
  if (!team) {
    return Promise.all(
      batches.map(async ({ images, count }) =>
        count === 0 ? new Float32Array() : await probabilitiesOf(network, images, count),
      ),
    );
  }
  const work = batches.flatMap((batch) => pieces(batch));
  const outcomes = await team.perform(work);
  let at = 0;
  return batches.map((batch) => {
    const all = new Float32Array(batch.count * network.classes);
    for (let done = 0; done < batch.count; at++) {
      const outcome = outcomes[at];
      if (outcome?.kind !== 'probabilities') throw new Error('probabilities were asked for');
      all.set(outcome.probabilities, done * network.classes);
      done += outcome.probabilities.length / network.classes;
    }
    return all;
  });
}

function pieces({ images, count }: LabelledImages): Work[] {
  const size = images.length / count;
  return Array.from({ length: Math.ceil(count / PIECE) }, (_, piece) => {
    const from = piece * PIECE;
    const to = Math.min(count, from + PIECE);
    return { kind: 'probabilities', images: images.slice(from * size, to * size), count: to - from };
  });
}
