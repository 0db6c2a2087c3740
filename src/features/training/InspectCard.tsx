import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './InspectCard.module.css';

interface InspectCardProps {
  title: string;
  /** How to read what is in it. */
  description: string;
  /** What changes the view, at the end of the head; null when there is nothing to choose. */
  tools: ReactNode;
  children: ReactNode;
}

/** A framed part of the column that shows what the newest evaluation found. */
export function InspectCard({ title, description, tools, children }: InspectCardProps) {
  return (
    <section className={classes.frame} aria-label={title}>
      <header className={classes.header}>
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          <Text size="xs" c="dimmed">
            {description}
          </Text>
        </div>
        {tools}
      </header>
      {children}
    </section>
  );
}
