import { Text, Title } from '@mantine/core';
import type { ClientRecord, RoundRecord } from '../../core/experiment/round.ts';
import { formatMeasure } from '../training/format.ts';
import classes from './federated.module.css';

const SIZE = 240;
const MARGIN = 14;

interface UpdatePlaneProps {
  record: RoundRecord;
  chosen: number | null;
  onChoose: (client: number) => void;
}

type Placed = ClientRecord & { place: readonly [number, number] };

/** Where the updates of a round lie: the two directions in which they differ most. Attackers are triangles. */
export function UpdatePlane({ record, chosen, onChoose }: UpdatePlaneProps) {
  const placed = record.clients.filter((one): one is Placed => one.place !== null);
  const at = scaled(placed);
  return (
    <section className={classes.card} aria-label="Plane of updates">
      <Title order={3} size="h4">
        Plane of updates
      </Title>
      <Text size="xs" c="dimmed">
        The two directions in which the updates differ most (principal components); ▲ attacks, ● honest
      </Text>
      <svg className={classes.plane} viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={words(placed)}>
        <rect className={classes.frame} x={0.5} y={0.5} width={SIZE - 1} height={SIZE - 1} rx={6} />
        {placed.map((one) => {
          const [x, y] = at(one.place);
          return (
            <g key={one.client} onClick={() => onChoose(one.client)} style={{ cursor: 'pointer' }}>
              <title>{`Client ${one.client}${one.attacking ? ', attacks' : ''}`}</title>
              {one.client === chosen && <circle className={classes.chosen} cx={x} cy={y} r={10} />}
              {one.attacking ? (
                <path
                  className={classes.hostile}
                  d={`M${x} ${y - 7} L${x + 6.5} ${y + 5} L${x - 6.5} ${y + 5} Z`}
                />
              ) : (
                <circle className={classes.honest} cx={x} cy={y} r={5} />
              )}
            </g>
          );
        })}
      </svg>
    </section>
  );
}

/** One scale for both axes, so that distances are true. */
function scaled(placed: readonly Placed[]): (place: readonly [number, number]) => [number, number] {
  const xs = placed.map(({ place }) => place[0]);
  const ys = placed.map(({ place }) => place[1]);
  const middle = (values: readonly number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
  const spread = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) || 1;
  const unit = (SIZE - 2 * MARGIN) / spread;
  const [cx, cy] = [middle(xs), middle(ys)];
  return ([x, y]) => [SIZE / 2 + (x - cx) * unit, SIZE / 2 - (y - cy) * unit];
}

function words(placed: readonly Placed[]): string {
  const cosines = (hostile: boolean): string => {
    const found = placed.filter(({ attacking, cosine }) => attacking === hostile && cosine !== null);
    if (found.length === 0) return 'none';
    const mean = found.reduce((sum, { cosine }) => sum + (cosine ?? 0), 0) / found.length;
    return `${found.length} with a mean cosine of ${formatMeasure(mean)} to the aggregate`;
  };
  return `Plane of updates. Honest: ${cosines(false)}. Attacking: ${cosines(true)}. The table below has each one.`;
}
