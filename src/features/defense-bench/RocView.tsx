import { Text } from '@mantine/core';
import type { RocEvidence } from '../../core/defenses/evidence.ts';
import { formatPercent, formatPercentTick } from '../training/format.ts';
import classes from './bench.module.css';
import { Plot } from './Plot.tsx';
import { ValueTable } from './ValueTable.tsx';

const AXIS = { domain: [0, 1] as [number, number], ticks: [0, 0.25, 0.5, 0.75, 1] };

/** The false positive rate at which true positives are read. */
const LOW = 0.01;

/** True over false positives, with the area, what is found at 1 % false ones, and where the method's threshold lies. */
export function RocView({ evidence }: { evidence: RocEvidence }) {
  const { title, falsePositive, truePositive, area, chosen } = evidence;
  let atLow = 0;
  falsePositive.forEach((rate, at) => {
    if (rate <= LOW) atLow = Math.max(atLow, truePositive[at] ?? 0);
  });
  const facts: [string, string][] = [
    ['AUROC', area.toFixed(3)],
    ['TPR at 1 % FPR', formatPercent(atLow)],
    [
      'TPR, FPR of the method',
      chosen ? `${formatPercent(chosen.truePositive)}, ${formatPercent(chosen.falsePositive)}` : '–',
    ],
  ];
  return (
    <div className={classes.beside}>
      <Plot
        words={`${title}. ${facts.map(([name, value]) => `${name}: ${value}`).join('. ')}`}
        x={AXIS}
        y={AXIS}
        xLabel="false positive rate"
        formatY={formatPercentTick}
        square={280}
      >
        {(scales) => (
          <>
            <line
              className={classes.diagonal}
              x1={scales.x(0)}
              y1={scales.y(0)}
              x2={scales.x(1)}
              y2={scales.y(1)}
            />
            <line
              className={classes.threshold}
              x1={scales.x(LOW)}
              x2={scales.x(LOW)}
              y1={scales.y(0)}
              y2={scales.y(1)}
            />
            <path
              className={classes.curve}
              d={`M${Array.from(
                falsePositive,
                (rate, at) => `${scales.x(rate).toFixed(1)},${scales.y(truePositive[at] ?? 0).toFixed(1)}`,
              ).join('L')}`}
            />
            <circle className={classes.ring} cx={scales.x(LOW)} cy={scales.y(atLow)} r={5} />
            {chosen && (
              <path
                className={classes.hostile}
                d={diamond(scales.x(chosen.falsePositive), scales.y(chosen.truePositive))}
              />
            )}
          </>
        )}
      </Plot>
      <div>
        <dl className={classes.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Text size="xs" c="dimmed">
          Ring: 1 % false positives. Diamond: the method’s own threshold.
        </Text>
        <ValueTable
          title={title}
          columns={['False positives', 'True positives']}
          rows={[...falsePositive.keys()]
            .filter((at) => at % Math.ceil(falsePositive.length / 50) === 0)
            .map((at) => [formatPercent(falsePositive[at] ?? 0), formatPercent(truePositive[at] ?? 0)])}
        />
      </div>
    </div>
  );
}

function diamond(x: number, y: number): string {
  return `M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z`;
}
