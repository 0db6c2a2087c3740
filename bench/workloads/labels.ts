/** Neural Cleanse over several labels, as the defense takes them: a step of each label's search on the thread that is free. */
import { params } from '../../src/core/defenses/neural-cleanse.ts';
import {
  beginSearch,
  type SearchJob,
  type SearchState,
} from '../../src/engine/defenses/neural-cleanse/search.ts';
import { Network } from '../../src/engine/models/network.ts';
import type { Team } from '../../src/engine/parallel/team.ts';
import { LABEL_BATCHES, LABELS_AT_ONCE } from '../shared-work.ts';
import type { Bout } from '../station.ts';
import { BATCH } from '../workload-list.ts';
import { CLASSES, MNIST, noiseImages } from './inputs.ts';

export async function labelsBout(teamFor: (network: Network) => Promise<Team>): Promise<Bout> {
  const network = Network.create('simplenet', MNIST, CLASSES, 1);
  const team = await teamFor(network);
  const settings = params.parse({ kind: 'neural_cleanse', batches: LABEL_BATCHES, batch_size: BATCH });
  const { images } = noiseImages(LABEL_BATCHES * BATCH, MNIST);
  const normalization = { mean: [0], deviation: [1] };
  const searches = Array.from({ length: LABELS_AT_ONCE }, (_, label) =>
    beginSearch(label, MNIST, settings, 1),
  );
  const jobOf = (state: SearchState): SearchJob => ({
    state,
    images,
    batchSize: BATCH,
    params: settings,
    normalization,
  });
  return {
    step: async () => {
      for (let from = 0; from < searches.length; from += team.size) {
        const open = searches.slice(from, from + team.size);
        const outcomes = await team.perform(open.map((state) => ({ kind: 'search', job: jobOf(state) })));
        for (const outcome of outcomes)
          if (outcome.kind === 'search') searches[outcome.state.label] = outcome.state;
      }
      const [why] = team.takeLosses();
      if (why !== undefined) throw new Error(`a helper thread was lost: ${why}`);
    },
    settle: null,
    threads: team.size,
    dispose: () => {
      team.dispose();
      network.dispose();
    },
  };
}
