/** Latents of test inputs, clean and triggered, in the plane: by principal components and by UMAP. */
import { UMAP } from 'umap-js';
import type { ExperimentConfig } from '../../../core/config/schema.ts';
import type { Dataset } from '../../../core/datasets/dataset.ts';
import type { ScatterEvidence } from '../../../core/defenses/evidence.ts';
import type { ModelWeights } from '../../../core/experiment/weights.ts';
import { randomStream } from '../../../core/rng/random.ts';
import { Network } from '../../models/network.ts';
import { breathe } from '../context.ts';
import { centred, directionsOf, latentsOf, projected } from '../filters/label-latents.ts';
import { groundOf } from '../truth.ts';

/** Inputs of each sort at most. */
const OF_EACH = 250;

/** UMAP sees so many principal components: nearest neighbours cost by the width, and the rest is noise. */
const COMPONENTS = 10;

const EPOCHS = 200;
const NEIGHBOURS = 15;

/** Epochs of UMAP between two looks at the messages. */
const EPOCHS_AT_ONCE = 10;

export type LatentMap = 'pca' | 'umap';

/**
 * On the current backend. Points are grouped by true class; `poisoned` is 1 where the trigger is on the input.
 * @throws LabError E-CANCELLED, E-MODEL for a network without a dense layer
 */
export async function latentMap(
  weights: ModelWeights,
  experiment: ExperimentConfig,
  dataset: Dataset,
  map: LatentMap,
  {
    signal,
    progress,
    seed,
  }: { signal: AbortSignal; progress: (done: number, total: number) => void; seed: number },
): Promise<ScatterEvidence> {
  const { inputs, triggered, backdoor } = await groundOf(
    experiment,
    dataset,
    seed,
    false,
    signal,
    weights.trigger,
  );
  const chosen = [0, 1].flatMap((sort) =>
    [...triggered.keys()].filter((at) => triggered[at] === sort).slice(0, OF_EACH),
  );
  const network = new Network(weights);
  let places: Float64Array[];
  try {
    const rows = centred(
      await latentsOf(network, inputs, chosen, signal, (count) => progress((0.3 * count) / chosen.length, 1)),
    );
    const { vectors } = await directionsOf(rows, map === 'pca' ? 2 : COMPONENTS, signal);
    places = projected(rows, vectors);
  } finally {
    network.dispose();
  }
  const plane = map === 'pca' ? places : await unfolded(places, signal, seed, progress);
  const truth = chosen.map((at) => triggered[at] ?? 0);
  // Inputs carry labels that say nothing; what they are stands in the data set.
  const { split } = backdoor.measured;
  const labels = chosen.map((at) => {
    const { labels: of } = dataset[triggered[at] === 1 ? split : 'test'];
    return of[inputs.indexAt(at)] ?? 0;
  });
  progress(1, 1);
  return {
    kind: 'scatter',
    id: `latents-${map}`,
    title: map === 'pca' ? 'Latents by principal components' : 'Latents by UMAP',
    axes: map === 'pca' ? ['first component', 'second component'] : ['UMAP 1', 'UMAP 2'],
    points: Float32Array.from(plane.flatMap((point) => [point[0] ?? 0, point[1] ?? 0])),
    group: Uint16Array.from(labels),
    groups: dataset.info.classes.slice(),
    flagged: new Uint8Array(chosen.length),
    poisoned: Uint8Array.from(truth),
    index: Uint32Array.from(chosen),
  };
}

/** UMAP with the defaults of its authors: McInnes, Healy and Melville, 2018; drawn from the seed. */
async function unfolded(
  places: readonly Float64Array[],
  signal: AbortSignal,
  seed: number,
  progress: (done: number, total: number) => void,
): Promise<Float64Array[]> {
  const random = randomStream(seed, 'umap');
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(NEIGHBOURS, Math.max(2, places.length - 1)),
    nEpochs: EPOCHS,
    random: () => random.next(),
  });
  await breathe(signal);
  const epochs = umap.initializeFit(places.map((place) => [...place]));
  for (let epoch = 0; epoch < epochs; epoch++) {
    if (epoch % EPOCHS_AT_ONCE === 0) {
      await breathe(signal);
      progress(0.3 + (0.7 * epoch) / epochs, 1);
    }
    umap.step();
  }
  return umap.getEmbedding().map((point) => Float64Array.from(point));
}
