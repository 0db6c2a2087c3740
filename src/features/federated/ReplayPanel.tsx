import { Button, Checkbox, Group, Progress, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { AggregatorKind } from '../../core/aggregation/definitions.ts';
import type { FederatedConfig } from '../../core/config/schema-federated.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import type { Replay } from '../../core/experiment/replay.ts';
import { runStore } from '../../state/run-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import classes from './federated.module.css';
import { needsMore, RULES, ruleOf, ruleTitle } from './replay-rules.ts';
import { ReplayTable } from './ReplayTable.tsx';

interface ReplayPanelProps {
  /** The round that is looked at. */
  round: number;
  federated: FederatedConfig;
  /** Clients that attacked in it. */
  attackers: ReadonlySet<number>;
}

/** The updates of a round brought together under other rules, side by side. */
export function ReplayPanel({ round, federated, attackers }: ReplayPanelProps) {
  const taken = federated.aggregator.kind;
  const [chosen, setChosen] = useState<readonly AggregatorKind[]>(['median', 'krum', 'norm_clipping']);
  const [done, setDone] = useState<number | null>(null);
  const [replay, setReplay] = useState<Replay | null>(null);
  const [error, setError] = useState<LabErrorData | null>(null);
  const cancel = useRef<(() => void) | null>(null);
  useEffect(() => () => cancel.current?.(), []);

  const begin = (): void => {
    setError(null);
    setDone(0);
    const rules = RULES.filter((kind) => chosen.includes(kind)).map((kind) => ruleOf(kind, federated));
    const job = runStore.getState().replay(round, rules, (parts, of) => setDone(parts / of));
    cancel.current = () => job.control({ action: 'cancel' });
    job.result
      .then(setReplay, (thrown: unknown) => {
        const { code, ...rest } = asLabError(thrown).toData();
        if (code !== 'E-CANCELLED') setError({ code, ...rest });
      })
      .finally(() => {
        cancel.current = null;
        setDone(null);
      });
  };
  return (
    <section className={classes.card} aria-label="Replay">
      <Title order={3} size="h4">
        Replay round {round}
      </Title>
      <Text size="xs" c="dimmed">
        The updates of this round, brought together by other rules. The run does not change.
      </Text>
      <Group gap="xs" role="group" aria-label="Rules to replay under">
        {RULES.filter((kind) => kind !== taken).map((kind) => (
          <Checkbox
            key={kind}
            size="xs"
            label={ruleTitle(kind)}
            disabled={needsMore(kind, taken)}
            checked={chosen.includes(kind) && !needsMore(kind, taken)}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              setChosen(on ? [...chosen, kind] : chosen.filter((one) => one !== kind));
            }}
          />
        ))}
      </Group>
      <div className={classes.bar}>
        <Button disabled={done !== null} onClick={begin}>
          Replay
        </Button>
        {done !== null && (
          <>
            <Progress value={100 * done} flex={1} miw="6rem" aria-label="Rules replayed" />
            <Button variant="default" onClick={() => cancel.current?.()}>
              Cancel
            </Button>
          </>
        )}
      </div>
      {error && <ErrorPanel error={error} onClose={() => setError(null)} />}
      {replay && <ReplayTable replay={replay} attackers={attackers} />}
    </section>
  );
}
