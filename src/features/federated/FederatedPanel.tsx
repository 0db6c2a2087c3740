import { Button, Group, NativeSelect, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { RoundRecord } from '../../core/experiment/round.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { runStore, useRun } from '../../state/run-store.ts';
import { formatBytes, formatCount, formatDuration } from '../../ui/format.ts';
import { ruleTitle } from './replay-rules.ts';
import { ClientGrid } from './ClientGrid.tsx';
import { ClientHand } from './ClientHand.tsx';
import classes from './federated.module.css';
import { ReplayPanel } from './ReplayPanel.tsx';
import { RoundCharts } from './RoundCharts.tsx';
import { RoundTable } from './RoundTable.tsx';
import { roundSentence, viewOfOpen, viewOfRecord } from './round-view.ts';
import { UpdatePlane } from './UpdatePlane.tsx';

const NEWEST = 'newest';

interface FederatedPanelProps {
  /** Of the run; before the first, of the draft. */
  config: ExperimentConfig;
  classNames: readonly string[];
}

/** Federated training, client by client: the round, its updates, what other rules make of them, and the rounds so far. */
export function FederatedPanel({ config, classNames }: FederatedPanelProps) {
  const rounds = useRun((state) => state.rounds);
  const openRound = useRun((state) => state.openRound);
  const epochs = useRun((state) => state.epochs);
  const [wanted, setWanted] = useState(NEWEST);
  const [chosen, setChosen] = useState<number | null>(null);
  const newest = rounds.at(-1) ?? null;
  const looked = rounds.find(({ round }) => String(round) === wanted) ?? null;
  const view = looked
    ? viewOfRecord(looked)
    : openRound
      ? viewOfOpen(openRound)
      : newest && viewOfRecord(newest);
  const record = looked ?? newest;
  const { federated } = config;
  const client = view?.clients.find((one) => one.client === chosen) ?? null;
  return (
    <section className={classes.panel} aria-label="Federated training">
      <div className={classes.card}>
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4">
            Federated training
          </Title>
          <RoundControls />
        </Group>
        <Text size="sm" data-testid="round-sentence">
          {view
            ? roundSentence(view)
            : `${formatCount(federated.clients)} clients, ${federated.per_round} a round, brought together by ${ruleTitle(federated.aggregator.kind)}. They appear with the first round.`}
        </Text>
        {rounds.length > 0 && (
          <Group gap="xs">
            <NativeSelect
              size="xs"
              aria-label="Round"
              value={looked ? wanted : NEWEST}
              data={[
                { value: NEWEST, label: 'Newest round' },
                ...rounds.map(({ round }) => ({ value: String(round), label: `Round ${round}` })).reverse(),
              ]}
              onChange={(event) => setWanted(event.currentTarget.value)}
            />
            {record && <Cost record={record} rounds={rounds} />}
          </Group>
        )}
        {view && <ClientGrid clients={view.clients} chosen={chosen} onChoose={setChosen} />}
        {record && (
          <details>
            <summary>Round {record.round} as a table</summary>
            <RoundTable record={record} classNames={classNames} />
          </details>
        )}
      </div>
      {client && <ClientHand view={client} classNames={classNames} />}
      {record && (
        <>
          <ReplayPanel
            round={record.round}
            federated={federated}
            attackers={new Set(record.clients.filter((one) => one.attacking).map((one) => one.client))}
          />
          <UpdatePlane record={record} chosen={chosen} onChoose={setChosen} />
          <RoundCharts rounds={rounds} epochs={epochs} chosen={chosen} />
        </>
      )}
    </section>
  );
}

/** One client or one round further, then pause. */
function RoundControls() {
  const phase = useRun((state) => state.phase);
  const problems = useRun((state) => state.pauseReason === 'nan');
  const draft = useExperiment((state) => state.draft);
  const blocked = phase === 'running' || phase === 'preparing' || problems;
  return (
    <Group gap="xs">
      <Button variant="default" disabled={blocked} onClick={() => runStore.getState().stepBatch(draft)}>
        One client
      </Button>
      <Button variant="default" disabled={blocked} onClick={() => runStore.getState().stepEpoch(draft)}>
        One round
      </Button>
    </Group>
  );
}

/** What a round cost, and all so far. */
function Cost({ record, rounds }: { record: RoundRecord; rounds: readonly RoundRecord[] }) {
  const sum = (value: (round: RoundRecord) => number): number =>
    rounds.reduce((total, round) => total + value(round), 0);
  const { bytes, steps, seconds } = record;
  return (
    <Text size="xs" c="dimmed" data-testid="round-cost">
      Round {record.round}: {formatBytes(bytes.down)} to clients, {formatBytes(bytes.up)} from them,{' '}
      {formatCount(steps)} steps, {formatDuration(seconds)}. All rounds:{' '}
      {formatBytes(sum((round) => round.bytes.down + round.bytes.up))},{' '}
      {formatCount(sum((round) => round.steps))} steps, {formatDuration(sum((round) => round.seconds))}.
    </Text>
  );
}
