import type { Rate, OptionalRate } from '../../core/experiment/events.ts';
import type { Replay, ReplayedRule } from '../../core/experiment/replay.ts';
import { meaningColor } from '../../ui/theme/colors.ts';
import { formatMeasure, formatPercent } from '../training/format.ts';
import classes from './federated.module.css';
import { ruleTitle } from './replay-rules.ts';

interface ReplayTableProps {
  replay: Replay;
  attackers: ReadonlySet<number>;
}

const TITLES = [
  'Rule',
  'Clean accuracy',
  'Attack success',
  'Length',
  'Cosine',
  'Share of each client',
  'Of attackers',
];

/** Rules side by side: what each makes of the global model, and of whom. */
export function ReplayTable({ replay, attackers }: ReplayTableProps) {
  const { round, rules, before, clients } = replay;
  return (
    <div
      className={classes.scroll}
      tabIndex={0}
      role="region"
      aria-label={`Rules on round ${round}, side by side`}
    >
      <table className={classes.table}>
        <caption>
          Round {round}, on {before.clean.n.toLocaleString('en')} test examples
        </caption>
        <thead>
          <tr>
            {TITLES.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Before the round</th>
            <RateCell rate={before.clean} meaning="clean" />
            <RateCell rate={before.triggered} meaning="backdoor" />
            <td colSpan={4} />
          </tr>
          {rules.map((one) => (
            <tr key={one.rule.kind}>
              <th scope="row">
                {ruleTitle(one.rule.kind)}
                {one.taken && ' (taken)'}
              </th>
              {one.error ? (
                <td colSpan={6}>{one.error.what}</td>
              ) : (
                <>
                  <RateCell rate={one.clean} meaning="clean" />
                  <RateCell rate={one.triggered} meaning="backdoor" />
                  <td>{one.norm === null ? '–' : formatMeasure(one.norm)}</td>
                  <td>{one.cosine === null ? '–' : formatMeasure(one.cosine)}</td>
                  <td>
                    <Shares rule={one} clients={clients} attackers={attackers} />
                  </td>
                  <td>{formatPercent(ofAttackers(one, clients, attackers))}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RateCell({ rate, meaning }: { rate: Rate | OptionalRate | null; meaning: 'clean' | 'backdoor' }) {
  const value = rate?.value ?? null;
  return (
    <td title={rate ? `n = ${rate.n}` : undefined}>
      {formatPercent(value)}
      <span className={classes.meter} aria-hidden="true">
        <span style={{ width: `${100 * (value ?? 0)}%`, background: meaningColor(meaning) }} />
      </span>
    </td>
  );
}

function ofAttackers(
  { shares }: ReplayedRule,
  clients: Replay['clients'],
  attackers: ReadonlySet<number>,
): number {
  return shares.reduce((sum, share, at) => (attackers.has(clients[at]?.client ?? -1) ? sum + share : sum), 0);
}

/** A bar for each client, attackers in their colour; the sum of theirs stands beside it. */
function Shares({
  rule,
  clients,
  attackers,
}: { rule: ReplayedRule } & Pick<Replay, 'clients'> & Pick<ReplayTableProps, 'attackers'>) {
  const most = Math.max(...rule.shares, 1e-12);
  return (
    <svg
      className={classes.shares}
      viewBox={`0 0 ${10 * clients.length} 22`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {clients.map(({ client }, at) => {
        const height = (22 * (rule.shares[at] ?? 0)) / most;
        const color = meaningColor(attackers.has(client) ? 'backdoor' : 'clean');
        return <rect key={client} x={10 * at + 1} y={22 - height} width={8} height={height} fill={color} />;
      })}
    </svg>
  );
}
