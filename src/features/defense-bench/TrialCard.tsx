import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { benchStore } from '../../state/bench-store.ts';
import type { Trial } from '../../state/bench-trials.ts';
import { useDatasets } from '../../state/dataset-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatMeasure, formatPercent } from '../training/format.ts';
import classes from './bench.module.css';
import { Duel } from './Duel.tsx';
import { EvidenceList } from './EvidenceView.tsx';
import { Going, Verdict } from './TrialTable.tsx';
import { VariantTable } from './VariantTable.tsx';
import { defenseTitle, definitionOf, isFraction, metricTitle, scoreWords } from './words.ts';

/** One defense on one model, with all that it shows. */
export function TrialCard({ trial }: { trial: Trial }) {
  const { id, model, defense, phase, evidence, result, error } = trial;
  const info = useDatasets((state) => state.info);
  const names = info?.id === model.config.task.dataset ? info.classes : [];
  const className = (label: number): string => names[label] ?? String(label);
  const definition = definitionOf(defense.kind);
  const title = defenseTitle(trial);
  const going = phase === 'waiting' || phase === 'running';
  return (
    <section className={classes.card} aria-label={`${title} on ${model.title}`}>
      <Group justify="space-between" gap="xs">
        <Title order={3} size="h3">
          {title} on {model.title}
        </Title>
        {going && (
          <Button variant="default" onClick={() => benchStore.getState().cancel(id)}>
            Cancel
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {definition.description}{' '}
        {definition.paper && (
          <Anchor
            size="xs"
            underline="always"
            href={definition.paper.url}
            target="_blank"
            rel="noopener noreferrer"
          >
            {definition.paper.authors}, {definition.paper.year}
          </Anchor>
        )}
      </Text>
      {going && <Going trial={trial} />}
      {phase === 'stopped' && <Text size="sm">Stopped by hand. What it had found stands below.</Text>}
      {error && (
        <ErrorPanel
          error={error}
          actions={[
            {
              label: 'Try again',
              onClick: () => {
                benchStore.getState().enqueue([{ model, defense, variant: trial.variant }]);
                benchStore.getState().remove(id);
              },
            },
          ]}
        />
      )}
      {result && (
        <dl className={classes.facts}>
          <Fact name="Verdict">
            <Verdict verdict={result.verdict} />
          </Fact>
          <Fact name={definition.score.title}>
            {scoreWords(result.score)}
            {definition.score.bound !== null && ` (bound ${definition.score.bound})`}
          </Fact>
          <Fact name="Flagged">
            {result.flagged.length.toLocaleString('en')} {definition.flags}
            {definition.flags === 'labels' &&
              result.flagged.length > 0 &&
              `: ${result.flagged.map(className).join(', ')}`}
          </Fact>
          <Fact name="Of a clean model it says">
            {result.control ? (
              <>
                <Verdict verdict={result.control.verdict} />, {scoreWords(result.control.score)}
              </>
            ) : (
              'nothing was asked'
            )}
          </Fact>
          <Fact name="Cost">{result.seconds.toFixed(1)} s</Fact>
          {Object.entries(result.metrics).map(([name, value]) => (
            <Fact key={name} name={metricTitle(name)}>
              {value === null ? '–' : isFraction(name) ? formatPercent(value) : formatFigure(value)}
            </Fact>
          ))}
        </dl>
      )}
      {result && <Duel trial={trial} />}
      {(result || trial.comparison !== null) && <VariantTable trial={trial} />}
      {evidence.length > 0 ? (
        <EvidenceList
          evidence={evidence}
          config={model.config}
          flagged={result?.flagged ?? []}
          className={className}
        />
      ) : (
        going && (
          <Text size="sm" c="dimmed">
            Evidence appears here as it is found.
          </Text>
        )
      )}
    </section>
  );
}

const formatFigure = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en') : formatMeasure(value);

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
