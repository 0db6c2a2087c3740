import { Switch, Text } from '@mantine/core';
import { benchStore } from '../../state/bench-store.ts';
import type { Trial } from '../../state/bench-trials.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { useRun } from '../../state/run-store.ts';
import { innerTicks, linearAxis } from '../../ui/charts/ticks.ts';
import { EvasionSwitches } from '../experiment/EvasionSwitches.tsx';
import { RunControls } from '../experiment/RunControls.tsx';
import classes from './bench.module.css';
import { light } from './params.ts';
import { Plot } from './Plot.tsx';
import { definitionOf, scoreWords, VERDICTS } from './words.ts';

/** A detector against a run that goes on: it looks again at each evaluation, while evasions are switched on and off. */
export function Duel({ trial }: { trial: Trial }) {
  const { id, follows, looks, defense, model } = trial;
  const ran = useRun((state) => state.config);
  const evades = useExperiment(({ draft }) => draft.attack.enabled && draft.attack.injection.kind === 'loss');
  const { score } = definitionOf(defense.kind);
  if (model.origin !== 'live' && !follows) return null;
  const scored = looks.filter((look) => look.score !== null);
  const newest = looks.at(-1);
  return (
    <section className={classes.stack} aria-label="Duel">
      <Switch
        label="Run at each evaluation"
        description="With light settings, on the weights as they are then; the control keeps its verdict."
        checked={follows}
        disabled={ran === null}
        onChange={(event) => {
          const on = event.currentTarget.checked;
          benchStore.getState().follow(id, on, on ? light(defense) : undefined);
        }}
      />
      {follows && (
        <>
          <RunControls />
          {evades && (
            <details className={classes.details}>
              <summary>Evasions of this attack</summary>
              <EvasionSwitches />
            </details>
          )}
          <Text size="sm" className={classes.number} data-testid="duel">
            {newest
              ? `At step ${newest.step}: ${VERDICTS[newest.verdict]}, ${scoreWords(newest.score)}. Looked ${looks.length} times.`
              : 'Looks at the next evaluation of the run.'}
          </Text>
        </>
      )}
      {scored.length > 1 && <Course looks={scored} title={score.title} bound={score.bound} />}
    </section>
  );
}

function Course({ looks, title, bound }: { looks: Trial['looks']; title: string; bound: number | null }) {
  const values = looks.map((look) => look.score ?? 0);
  const steps = looks.map(({ step }) => step);
  const [from, to] = [Math.min(...steps), Math.max(...steps)];
  const x = {
    domain: [from, Math.max(from + 1, to)] as [number, number],
    ticks: innerTicks(from, Math.max(from + 1, to), 5, true),
  };
  const y = linearAxis(Math.min(0, ...values), Math.max(bound ?? 0, ...values), 3);
  return (
    <Plot
      words={`${title} as the run goes on: ${looks.map((look) => `step ${look.step} ${scoreWords(look.score)}`).join(', ')}`}
      x={x}
      y={y}
      xLabel={`step; upwards: ${title.toLowerCase()}`}
      height={140}
    >
      {(scales, { width }) => (
        <>
          {bound !== null && (
            <line className={classes.threshold} x1={0} x2={width} y1={scales.y(bound)} y2={scales.y(bound)} />
          )}
          <path
            className={classes.curve}
            d={`M${looks.map((look) => `${scales.x(look.step).toFixed(1)},${scales.y(look.score ?? 0).toFixed(1)}`).join('L')}`}
          />
          {looks.map((look, at) => (
            <circle
              key={at}
              className={look.verdict === 'backdoored' ? classes.hostile : classes.honest}
              cx={scales.x(look.step)}
              cy={scales.y(look.score ?? 0)}
              r={4}
            />
          ))}
        </>
      )}
    </Plot>
  );
}
