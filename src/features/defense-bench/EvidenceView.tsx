import { NativeSelect, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Evidence, ScatterEvidence } from '../../core/defenses/evidence.ts';
import { BarsView } from './BarsView.tsx';
import classes from './bench.module.css';
import { CurveView } from './CurveView.tsx';
import { OverlaysView } from './OverlaysView.tsx';
import { RocView } from './RocView.tsx';
import { ScatterView } from './ScatterView.tsx';
import { ScoresView } from './ScoresView.tsx';
import { TriggersView } from './TriggersView.tsx';

interface EvidenceListProps {
  evidence: readonly Evidence[];
  /** Of the model: what its attack lays on. */
  config: ExperimentConfig;
  /** Of the finding; empty while it goes on. */
  flagged: readonly number[];
  className: (label: number) => string;
}

/** More scatter plots than these are shown one at a time: a filter has one for each label. */
const MOST_SCATTERS = 2;

/** All that a defense shows, one card for each piece. */
export function EvidenceList({ evidence, ...ground }: EvidenceListProps) {
  const scatters = evidence.filter((one) => one.kind === 'scatter');
  const folded = scatters.length > MOST_SCATTERS;
  return (
    <div className={classes.evidence}>
      {evidence.map((one) =>
        folded && one.kind === 'scatter' ? null : <Piece key={one.id} evidence={one} {...ground} />,
      )}
      {folded && <Scatters scatters={scatters} {...ground} />}
    </div>
  );
}

function Scatters({
  scatters,
  ...ground
}: { scatters: readonly ScatterEvidence[] } & Omit<EvidenceListProps, 'evidence'>) {
  const [wanted, setWanted] = useState('');
  const suspicious = (one: ScatterEvidence): boolean => one.flagged.includes(1);
  const shown = scatters.find(({ id }) => id === wanted) ?? scatters.find(suspicious) ?? scatters[0];
  if (!shown) return null;
  return (
    <div>
      <NativeSelect
        size="xs"
        label="Points of"
        value={shown.id}
        data={scatters.map((one) => ({
          value: one.id,
          label: suspicious(one) ? `${one.title} (flagged)` : one.title,
        }))}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Piece evidence={shown} {...ground} />
    </div>
  );
}

function Piece({ evidence, ...ground }: { evidence: Evidence } & Omit<EvidenceListProps, 'evidence'>) {
  return (
    <section
      className={classes.piece}
      aria-label={evidence.title}
      data-wide={evidence.kind === 'triggers' || evidence.kind === 'overlays' || undefined}
    >
      <Title order={4} size="h4">
        {evidence.title}
      </Title>
      <Body evidence={evidence} {...ground} />
    </section>
  );
}

function Body({ evidence, ...ground }: { evidence: Evidence } & Omit<EvidenceListProps, 'evidence'>) {
  switch (evidence.kind) {
    case 'triggers':
      return <TriggersView evidence={evidence} {...ground} />;
    case 'bars':
      return <BarsView evidence={evidence} />;
    case 'scores':
      return <ScoresView evidence={evidence} />;
    case 'roc':
      return <RocView evidence={evidence} />;
    case 'curve':
      return <CurveView evidence={evidence} />;
    case 'scatter':
      return <ScatterView evidence={evidence} />;
    case 'overlays':
      return <OverlaysView evidence={evidence} />;
    case 'notes':
      return (
        <ul className={classes.notes}>
          {evidence.lines.map((line, at) => (
            <li key={at}>{line}</li>
          ))}
        </ul>
      );
    default:
      return <Unknown evidence={evidence} />;
  }
}

/** What a newer version of a defense may show: the page says so instead of failing. */
function Unknown({ evidence }: { evidence: object }) {
  return (
    <Text size="sm" c="dimmed">
      This page cannot draw it: {Object.keys(evidence).join(', ')}.
    </Text>
  );
}
