import type { BarsEvidence } from '../../core/defenses/evidence.ts';
import { linearAxis } from '../../ui/charts/ticks.ts';
import { formatMeasure } from '../training/format.ts';
import classes from './bench.module.css';
import { Plot } from './Plot.tsx';
import { ValueTable } from './ValueTable.tsx';

/** Names on the axis at most. */
const MOST_NAMES = 16;

/** A bar for each label or unit, and the line that flagged ones pass. */
export function BarsView({ evidence: { title, axis, bars, threshold } }: { evidence: BarsEvidence }) {
  const values = bars.map(({ value }) => value).filter(Number.isFinite);
  const ends = [0, ...values, ...(threshold === null ? [] : [threshold])];
  const y = linearAxis(Math.min(...ends), Math.max(...ends), 4);
  const every = Math.ceil(bars.length / MOST_NAMES);
  const x = {
    domain: [-0.6, Math.max(0.6, bars.length - 0.4)] as [number, number],
    ticks: [...bars.keys()].filter((at) => at % every === 0),
  };
  const flagged = bars.filter((bar) => bar.flagged);
  const line = threshold === null ? '' : ` The line is at ${formatMeasure(threshold)}.`;
  const words = `${title}. ${bars.length} bars, ${axis}.${line} ${
    flagged.length === 0 ? 'None is flagged.' : `Flagged: ${flagged.map(({ name }) => name).join(', ')}.`
  }`;
  return (
    <>
      <Plot words={words} x={x} y={y} xLabel={axis} xNames={bars.map(({ name }) => name)}>
        {(scales, { width }) => {
          const wide = Math.max(1, Math.min(28, (scales.x(1) - scales.x(0)) * 0.75));
          return (
            <>
              {bars.map(({ name, value, flagged: isFlagged }, at) =>
                Number.isFinite(value) ? (
                  <g key={at}>
                    <title>{`${name}: ${formatMeasure(value)}`}</title>
                    <rect
                      className={isFlagged ? classes.hostile : classes.honest}
                      x={scales.x(at) - wide / 2}
                      width={wide}
                      y={Math.min(scales.y(value), scales.y(0))}
                      height={Math.max(1, Math.abs(scales.y(value) - scales.y(0)))}
                    />
                    {isFlagged && wide >= 5 && (
                      <text
                        className={classes.mark}
                        x={scales.x(at)}
                        y={scales.y(value) - 3}
                        textAnchor="middle"
                      >
                        ▲
                      </text>
                    )}
                  </g>
                ) : null,
              )}
              {threshold !== null && (
                <line
                  className={classes.threshold}
                  x1={scales.x(x.domain[0])}
                  x2={width}
                  y1={scales.y(threshold)}
                  y2={scales.y(threshold)}
                />
              )}
            </>
          );
        }}
      </Plot>
      <ValueTable
        title={title}
        columns={['', axis, 'Flagged']}
        rows={bars.map(({ name, value, flagged: isFlagged }) => [
          name,
          formatMeasure(value),
          isFlagged ? 'yes' : 'no',
        ])}
      />
    </>
  );
}
