import { lazy, Suspense } from 'react';
import { Text, Title } from '@mantine/core';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import classes from './DefensePage.module.css';

const BenchSetup = lazy(async () => {
  const { BenchSetup: Setup } = await import('../features/defense-bench/BenchPanel.tsx');
  return { default: Setup };
});
const BenchResults = lazy(async () => {
  const { BenchResults: Results } = await import('../features/defense-bench/BenchResults.tsx');
  return { default: Results };
});

/** The defense bench: models and defenses on the left, what they say on the right. */
export function DefensePage() {
  return (
    <main id="main" className={classes.page} tabIndex={-1}>
      <section className={classes.setup} aria-label="Bench setup">
        <Title order={1} size="h2">
          Defense bench
        </Title>
        <ErrorBoundary part>
          <Suspense fallback={<Text size="sm">Loading …</Text>}>
            <BenchSetup />
          </Suspense>
        </ErrorBoundary>
      </section>
      <section className={classes.results} aria-label="Findings">
        <ErrorBoundary part>
          <Suspense fallback={null}>
            <BenchResults />
          </Suspense>
        </ErrorBoundary>
      </section>
    </main>
  );
}
