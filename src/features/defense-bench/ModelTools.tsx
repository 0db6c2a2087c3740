import { Button, Group, Progress, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { BenchModel } from '../../state/bench-models.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import classes from './bench.module.css';
import { CurveView } from './CurveView.tsx';
import { ScatterView } from './ScatterView.tsx';
import { type SideJob, useSideJob } from './use-side-job.ts';

const SEED = 1;

/** What a model shows beside any defense: its latents in the plane, and what is left as channels go. */
export function ModelTools({ model }: { model: BenchModel }) {
  return (
    <section className={classes.card} aria-label={`Inside ${model.title}`}>
      <Title order={3} size="h3">
        Inside {model.title}
      </Title>
      <div className={classes.evidence}>
        <Latents model={model} />
        <Pruning model={model} />
      </div>
    </section>
  );
}

function Latents({ model }: { model: BenchModel }) {
  const job = useSideJob<'latent-map'>(model);
  const { config } = model;
  const begin = (map: 'pca' | 'umap'): void =>
    job.start((weights) => ({ kind: 'latent-map', weights, config, seed: SEED, map }));
  return (
    <section className={classes.piece} aria-label="Latents in the plane">
      <Title order={4} size="h4">
        Latents of clean and triggered inputs
      </Title>
      <Group gap="xs">
        <Button size="compact-xs" variant="default" onClick={() => begin('pca')}>
          By principal components
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => begin('umap')}>
          By UMAP
        </Button>
      </Group>
      <Progressing job={job} words="Latents" />
      {job.result ? (
        <ScatterView evidence={job.result} />
      ) : (
        <Text size="xs" c="dimmed">
          What enters the last layer, for up to 250 test inputs without and 250 with the trigger.
        </Text>
      )}
    </section>
  );
}

function Pruning({ model }: { model: BenchModel }) {
  const job = useSideJob<'prune'>(model);
  const [at, setAt] = useState(0);
  const { config } = model;
  const begin = (order: 'quiet' | 'steep'): void =>
    job.start((weights) => ({ kind: 'prune', weights, config, seed: SEED, order }));
  const { result } = job;
  const gone = result ? result.units.slice(0, at) : [];
  return (
    <section className={classes.piece} aria-label="Pruning">
      <Title order={4} size="h4">
        Prune channels one after another
      </Title>
      <Group gap="xs">
        <Button size="compact-xs" variant="default" onClick={() => begin('quiet')}>
          Quiet on clean inputs first
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => begin('steep')}>
          Largest Lipschitz bound first
        </Button>
      </Group>
      <Progressing job={job} words="Pruning" />
      {result ? (
        <>
          <CurveView key={result.curve.id} evidence={result.curve} onMove={setAt} />
          <Text size="xs" c="dimmed" lineClamp={3}>
            {gone.length === 0 ? 'Nothing is pruned.' : `Pruned: ${gone.toReversed().join(', ')}.`}
          </Text>
        </>
      ) : (
        <Text size="xs" c="dimmed">
          Accuracy and attack success on 300 test inputs, as the slider takes channels out.
        </Text>
      )}
    </section>
  );
}

function Progressing({ job, words }: { job: SideJob<'prune'> | SideJob<'latent-map'>; words: string }) {
  return (
    <>
      {job.done !== null && (
        <div className={classes.bar}>
          <Progress value={100 * job.done} flex={1} aria-label={`${words}: progress`} />
          <Button size="compact-xs" variant="default" onClick={job.cancel}>
            Cancel
          </Button>
        </div>
      )}
      {job.error && <ErrorPanel error={job.error} />}
    </>
  );
}
