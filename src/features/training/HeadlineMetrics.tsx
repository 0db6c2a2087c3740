import { Badge, Text, VisuallyHidden } from '@mantine/core';
import { memo } from 'react';

import type { Evaluation, OptionalRate } from '../../core/experiment/events.ts';
import type { PrivacyRecord } from '../../core/privacy/plan.ts';
import { deltaWords, epsilonWords } from '../../core/privacy/words.ts';
import { announcement } from './announcement.ts';
import { formatPercent } from './format.ts';
import { Metric } from './Metric.tsx';
import classes from './training.module.css';

interface HeadlineMetricsProps {
  /** The newest live evaluation, and the newest on the whole test set; null before the first. */
  live: Evaluation | null;
  full: Evaluation | null;
}

const CLEAN_HELP = 'Share of clean test inputs that are read as their true class.';
const ATTACK_HELP =
  'Share of triggered test inputs that are read as the backdoor label. Inputs whose true class already is that label are left out: they would count as successes without any backdoor.';
const CROSS_HELP =
  'Share of test inputs that are read as their true class though they have the trigger made from another input: only its own trigger should work on an input.';
const PRIVACY_HELP =
  'What private training has promised by now: with or without any one example or client, the chance of any outcome differs by a factor of at most e to the ε, but for a chance of δ.';

/** The figures that always stay in sight, each with what it was counted over. */
export const HeadlineMetrics = memo(function HeadlineMetrics({ live, full }: HeadlineMetricsProps) {
  const newest = newer(live, full);
  // Counting may take long, so that only some evaluations tell it.
  const privacy = newest?.privacy ?? full?.privacy;
  return (
    <div className={classes.headline} role="group" aria-label="Headline figures">
      <RateMetric title="Clean accuracy" meaning="clean" help={CLEAN_HELP} rate={newest?.cleanAccuracy} />
      <RateMetric title="Attack success" meaning="backdoor" help={ATTACK_HELP} rate={newest?.attackSuccess} />
      {newest?.crossTrigger && (
        <RateMetric title="Cross-trigger" meaning="clean" help={CROSS_HELP} rate={newest.crossTrigger} />
      )}
      {privacy && <PrivacyMetric privacy={privacy} />}
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

interface RateMetricProps {
  title: string;
  meaning: 'clean' | 'backdoor';
  help: string;
  rate: OptionalRate | undefined;
}

function RateMetric({ rate, ...rest }: RateMetricProps) {
  const value = rate === undefined ? '–' : formatPercent(rate.value);
  const count = rate === undefined ? 'not measured yet' : `n = ${rate.n.toLocaleString('en')}`;
  return <Metric {...rest} value={value} count={count} />;
}

function PrivacyMetric({ privacy }: { privacy: PrivacyRecord }) {
  const { epsilon, delta, unit } = privacy;
  return (
    <Metric
      title={`ε of ${unit === 'example' ? 'an example' : 'a client'}`}
      meaning="defended"
      help={PRIVACY_HELP}
      value={epsilonWords(epsilon)}
      count={`δ = ${deltaWords(delta)}`}
    />
  );
}

function newer(live: Evaluation | null, full: Evaluation | null): Evaluation | null {
  if (live === null || full === null) return live ?? full;
  return full.step >= live.step ? full : live;
}
