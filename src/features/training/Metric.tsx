import { ActionIcon, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';

import { type Meaning, meaningTextColor } from '../../ui/theme/colors.ts';
import classes from './training.module.css';

interface MetricProps {
  title: string;
  meaning: Meaning;
  help: string;
  value: string;
  /** What it was counted over. */
  count: string;
}

/** One large figure with its title, help and count. */
export function Metric({ title, meaning, help, value, count }: MetricProps) {
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
        {value}
      </div>
      <div className={classes.metricCount}>{count}</div>
    </div>
  );
}
