import { Button, Text, Title } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { asLabError } from '../../core/errors.ts';
import type { BenchModel } from '../../state/bench-models.ts';
import {
  benchModels,
  listModels,
  liveModel,
  startingModel,
  useBenchModels,
} from '../../state/bench-models.ts';
import { benchStore, useBench } from '../../state/bench-store.ts';
import { useRun } from '../../state/run-store.ts';
import { notifyError } from '../../ui/notify.tsx';
import classes from './bench.module.css';
import { type DefenseChoice, DefensePicker } from './DefensePicker.tsx';
import { ModelPicker } from './ModelPicker.tsx';
import { AS_PUBLISHED, configured } from './params.ts';

/** Which models, which defenses, and go. */
export function BenchSetup() {
  const models = useModels();
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const [choice, setChoice] = useState<DefenseChoice>({ chosen: ['neural_cleanse', 'strip'], params: {} });
  // Until a person chooses, the newest model is taken.
  const chosen = picked ?? models.slice(0, 1).map(({ id }) => id);
  const wanted = models
    .filter(({ id }) => chosen.includes(id))
    .flatMap((model) =>
      choice.chosen.map((id) => {
        const params = choice.params[id] ?? AS_PUBLISHED;
        return { model, defense: configured(id, params), variant: params.variant };
      }),
    );
  const missing = models.length === 0 ? 'There is no model yet.' : 'Choose a model and a defense.';
  return (
    <>
      <section className={classes.card} aria-label="Models">
        <Title order={2} size="h4">
          Models
        </Title>
        <ModelPicker models={models} chosen={chosen} onChange={setPicked} />
      </section>
      <section className={classes.card} aria-label="Defenses">
        <Title order={2} size="h4">
          Defenses
        </Title>
        <DefensePicker value={choice} onChange={setChoice} />
      </section>
      <div className={classes.bar}>
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          disabled={wanted.length === 0}
          onClick={() => benchStore.getState().enqueue(wanted)}
        >
          {wanted.length < 2 ? 'Run the defense' : `Run ${wanted.length} defenses`}
        </Button>
        <CancelAll />
        {wanted.length === 0 && (
          <Text size="xs" c="dimmed">
            {missing}
          </Text>
        )}
      </div>
    </>
  );
}

function CancelAll() {
  const going = useBench(
    ({ trials }) => trials.filter(({ phase }) => phase === 'waiting' || phase === 'running').length,
  );
  if (going < 2) return null;
  return (
    <Button variant="default" onClick={() => benchStore.getState().cancelAll()}>
      Cancel all
    </Button>
  );
}

/** Every model that there is, kept current. */
function useModels(): BenchModel[] {
  const session = useBenchModels((state) => state.session);
  const kept = useBenchModels((state) => state.kept);
  const imported = useBenchModels((state) => state.imported);
  useRun((state) => state.step > 0 && state.config);
  useRun((state) => state.phase);
  useRun((state) => state.evaluation);
  useRun((state) => state.importedWeights);
  useEffect(() => {
    benchModels
      .getState()
      .refresh()
      .catch((thrown: unknown) => notifyError(asLabError(thrown).toData()));
  }, []);
  return listModels(liveModel(), startingModel(), { session, kept, imported });
}
