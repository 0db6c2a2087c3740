import { Button, Group, NumberInput, SegmentedControl, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { type ClientByHand, isReleased, released } from '../../core/federated/by-hand.ts';
import { runStore, useRun } from '../../state/run-store.ts';
import { formatMeasure, formatPercent } from '../training/format.ts';
import classes from './federated.module.css';
import { histogramWords } from './Histogram.tsx';
import { type ClientView, STATE_WORDS } from './round-view.ts';

const TRIGGER = [
  { value: 'plan', label: 'As planned' },
  { value: 'on', label: 'Attacks' },
  { value: 'off', label: 'Honest' },
];

interface ClientHandProps {
  view: ClientView;
  classNames: readonly string[];
}

/** One client in full, and what a person makes it do from the next round on. */
export function ClientHand({ view, classNames }: ClientHandProps) {
  const { client, state, attacking, histogram, record } = view;
  const underWay = useRun(({ phase }) => phase === 'running' || phase === 'paused');
  const inForce = useRun(({ hands }) => hands.find((hand) => hand.client === client)) ?? released(client);
  return (
    <section className={classes.card} aria-label={`Client ${client}`}>
      <Title order={3} size="h4">
        Client {client}
        {attacking && <span className={classes.attacker}> ▲ attacks</span>}
      </Title>
      <dl className={classes.facts}>
        <dt>State</dt>
        <dd>{record?.why ?? STATE_WORDS[state]}</dd>
        <dt>Examples</dt>
        <dd>{histogramWords(histogram, classNames) || 'none'}</dd>
        {record?.norm != null && (
          <>
            <dt>Update</dt>
            <dd>
              length {formatMeasure(record.norm)}, cosine{' '}
              {record.cosine === null ? '–' : formatMeasure(record.cosine)}, share{' '}
              {formatPercent(record.share)}
            </dd>
            <dt>Local model</dt>
            <dd>
              clean {formatPercent(record.clean.value)} (n = {record.clean.n}), attack{' '}
              {formatPercent(record.triggered.value)} (n = {record.triggered.n})
            </dd>
          </>
        )}
      </dl>
      {underWay ? (
        <HandForm key={`${client} ${JSON.stringify(inForce)}`} inForce={inForce} />
      ) : (
        <Text size="xs" c="dimmed">
          While a run is on, a client can be taken by hand here.
        </Text>
      )}
    </section>
  );
}

const numberOf = (value: string | number): number | null => (typeof value === 'number' ? value : null);

function HandForm({ inForce }: { inForce: ClientByHand }) {
  const [hand, setHand] = useState(inForce);
  const change = (part: Partial<ClientByHand>): void => setHand({ ...hand, ...part });
  const trigger = hand.trigger === null ? 'plan' : hand.trigger ? 'on' : 'off';
  const same = JSON.stringify(hand) === JSON.stringify(inForce);
  return (
    <>
      <Group gap="sm" align="end">
        <SegmentedControl
          aria-label="Trigger"
          data={TRIGGER}
          value={trigger}
          onChange={(value) => change({ trigger: value === 'plan' ? null : value === 'on' })}
        />
        <Switch
          label="In every round"
          checked={hand.present}
          onChange={(event) => change({ present: event.currentTarget.checked })}
        />
        <NumberInput
          label="Scale of its update"
          placeholder="as planned"
          w="9rem"
          min={0}
          max={1e9}
          value={hand.scale ?? ''}
          onChange={(value) => change({ scale: numberOf(value) })}
        />
        <NumberInput
          label="Its learning rate"
          placeholder="as planned"
          w="9rem"
          min={1e-6}
          max={1000}
          step={0.01}
          value={hand.learningRate ?? ''}
          onChange={(value) => change({ learningRate: numberOf(value) })}
        />
      </Group>
      <Group gap="xs">
        <Button disabled={same} onClick={() => runStore.getState().takeClient(hand)}>
          Use from the next round
        </Button>
        <Button
          variant="default"
          disabled={isReleased(inForce)}
          onClick={() => runStore.getState().takeClient(released(hand.client))}
        >
          Release
        </Button>
        <Text size="xs" c="dimmed" role="status">
          {isReleased(inForce) ? 'As the experiment says.' : 'Taken by hand; the run keeps note of it.'}
        </Text>
      </Group>
    </>
  );
}
