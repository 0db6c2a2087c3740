import { ActionIcon, Badge, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { memo } from 'react';

import type { Evaluation, OptionalRate } from '../../core/experiment/events.ts';
import { meaningTextColor } from '../../ui/theme/colors.ts';
import { announcement } from './announcement.ts';
import { formatPercent } from './format.ts';
import classes from './training.module.css';

interface HeadlineMetricsProps {
  /** The newest live evaluation, and the newest on the whole test set; null before the first. */
  live: Evaluation | null;
  full: Evaluation | null;
}

const CLEAN_HELP = 'Share of clean test inputs that are read as their true class.';
const ATTACK_HELP =
  'Share of triggered test inputs that are read as the backdoor label. Inputs whose true class already is that label are left out: they would count as successes without any backdoor.';

/** The two figures that always stay in sight, each with what it was counted over. */
export const HeadlineMetrics = memo(function HeadlineMetrics({ live, full }: HeadlineMetricsProps) {
  const newest = newer(live, full);
  return (
    <div className={classes.headline} role="group" aria-label="Headline figures">
      <Metric title="Clean accuracy" meaning="clean" help={CLEAN_HELP} rate={newest?.cleanAccuracy} />
      <Metric title="Attack success" meaning="backdoor" help={ATTACK_HELP} rate={newest?.attackSuccess} />
      <div className={classes.headlineScope}>
        {newest !== null && (
          <>
            <Badge variant="default" size="sm" radius="sm" tt="none">
              {newest.scope === 'full'
                ? 'full test set'
                : `live, on ${newest.cleanAccuracy.n.toLocaleString('en')}`}
            </Badge>
            <Text size="xs" c="dimmed">
              step {newest.step.toLocaleString('en')}
            </Text>
          </>
        )}
        {newest?.scope === 'live' && full !== null && (
          <Text size="xs" c="dimmed">
            full at step {full.step.toLocaleString('en')}: {formatPercent(full.cleanAccuracy.value)} and{' '}
            {formatPercent(full.attackSuccess.value)}
          </Text>
        )}
      </div>
      <VisuallyHidden aria-live="polite" role="status">
        {announcement(full)}
      </VisuallyHidden>
    </div>
  );
});

interface MetricProps {
  title: string;
  meaning: 'clean' | 'backdoor';
  help: string;
  rate: OptionalRate | undefined;
}

function Metric({ title, meaning, help, rate }: MetricProps) {
  return (
    <div className={classes.metric}>
      <div className={classes.metricTitle}>
        <span>{title}</span>
        <Tooltip label={help} events={{ hover: true, focus: true, touch: true }}>
          <ActionIcon size="xs" aria-label={`${title}: ${help}`}>
            <IconInfoCircle size={14} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.metricValue} style={{ color: meaningTextColor(meaning) }}>
        {rate === undefined ? '–' : formatPercent(rate.value)}
      </div>
      <div className={classes.metricCount}>
        {rate === undefined ? 'not measured yet' : `n = ${rate.n.toLocaleString('en')}`}
      </div>
    </div>
  );
}

function newer(live: Evaluation | null, full: Evaluation | null): Evaluation | null {
  if (live === null || full === null) return live ?? full;
  return full.step >= live.step ? full : live;
}
