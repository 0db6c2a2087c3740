import { Title, VisuallyHidden } from '@mantine/core';
import { RunControls } from '../features/experiment/RunControls.tsx';
import { SetupPanel } from '../features/experiment/SetupPanel.tsx';
import { RunNotices } from '../features/status/RunNotices.tsx';
import { StageProgress } from '../features/status/StageProgress.tsx';
import { Headline } from './Headline.tsx';
import { InspectColumn } from './InspectColumn.tsx';
import classes from './LabPage.module.css';
import { LiveColumn } from './LiveColumn.tsx';

/** Set up, watch, inspect: three columns on a desk, one on a phone, with the figures and Run always in reach. */
export function LabPage() {
  return (
    <main id="main" className={classes.lab} tabIndex={-1}>
      <VisuallyHidden>
        <h1>Backdoor Lab</h1>
      </VisuallyHidden>
      <section className={classes.sticky} aria-label="Run">
        <Headline />
        <RunControls />
        <StageProgress />
      </section>
      <section className={classes.setup} aria-label="Setup">
        <Title order={2} className={classes.title}>
          Setup
        </Title>
        <SetupPanel />
      </section>
      <section className={classes.live} aria-label="Live">
        <RunNotices />
        <LiveColumn />
      </section>
      <section className={classes.inspect} aria-label="Inspect">
        <Title order={2} className={classes.title}>
          Inspect
        </Title>
        <InspectColumn />
      </section>
    </main>
  );
}
