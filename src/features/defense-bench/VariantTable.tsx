import { Button, Text, Title } from '@mantine/core';
import { benchStore, useBench } from '../../state/bench-store.ts';
import type { Trial } from '../../state/bench-trials.ts';
import { formatPercent } from '../training/format.ts';
import classes from './bench.module.css';
import { configured } from './params.ts';
import { Going, Verdict } from './TrialTable.tsx';
import { defenseTitle, definitionOf, scoreWords } from './words.ts';

/** How known implementations of one method differ on this model, side by side. */
export function VariantTable({ trial }: { trial: Trial }) {
  const { defense, model } = trial;
  const { variants, title } = definitionOf(defense.kind);
  const trials = useBench((state) => state.trials);
  const same = trials
    .filter(
      (one) => one.comparison !== null && one.defense.kind === defense.kind && one.model.id === model.id,
    )
    .toReversed();
  const newest = Math.max(0, ...same.map(({ comparison }) => comparison ?? 0));
  const shown = same.filter(({ comparison }) => comparison === newest);
  if (variants.length === 0) return null;
  const compare = (): void => {
    const wanted = [null, ...variants.map(({ id }) => id)].map((variant) => ({
      model,
      variant,
      defense: configured(defense.kind, { variant, settings: {} }),
    }));
    benchStore.getState().enqueue(wanted, true);
  };
  const going = shown.some(({ phase }) => phase === 'waiting' || phase === 'running');
  return (
    <section className={classes.stack} aria-label={`Implementations of ${title}`}>
      <div className={classes.bar}>
        <Title order={4} size="h4">
          Implementations
        </Title>
        <Button size="compact-xs" variant="default" disabled={going} onClick={compare}>
          Compare {variants.length + 1} of them on this model
        </Button>
      </div>
      {shown.length === 0 ? (
        <Text size="xs" c="dimmed">
          {variants.map((one) => `${one.title}: ${one.description}`).join(' ')}
        </Text>
      ) : (
        <div className={classes.scroll} tabIndex={0} role="region" aria-label="Implementations side by side">
          <table className={classes.table}>
            <thead>
              <tr>
                {['Implementation', 'Verdict', 'Score', 'TPR', 'FPR', 'Seconds', 'Clean control'].map(
                  (name) => (
                    <th key={name} scope="col" className={name === 'Verdict' ? classes.words : undefined}>
                      {name}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <Row key={one.id} trial={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ trial }: { trial: Trial }) {
  const { id, result, phase, error, variant } = trial;
  const name = variant === null ? 'The lab’s' : defenseTitle(trial).split(', ').slice(1).join(', ');
  const rate = (key: string): string => formatPercent(result?.metrics[key] ?? null);
  return (
    <tr>
      <th scope="row">
        <button type="button" className={classes.link} onClick={() => benchStore.getState().open(id)}>
          {name}
        </button>
      </th>
      {result ? (
        <>
          <td className={classes.words}>
            <Verdict verdict={result.verdict} />
          </td>
          <td>{scoreWords(result.score)}</td>
          <td>{rate('true_positive_rate')}</td>
          <td>{rate('false_positive_rate')}</td>
          <td>{result.seconds.toFixed(1)}</td>
          <td>{result.control ? `${result.control.verdict} ${scoreWords(result.control.score)}` : '–'}</td>
        </>
      ) : (
        <td colSpan={6} className={classes.words}>
          {phase === 'failed' && error ? (
            error.what
          ) : phase === 'stopped' ? (
            'Stopped'
          ) : (
            <Going trial={trial} />
          )}
        </td>
      )}
    </tr>
  );
}
