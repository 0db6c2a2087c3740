import { Accordion } from '@mantine/core';
import type { ReactNode } from 'react';

interface SectionProps {
  /** Also the value by which it is opened. */
  id: string;
  title: string;
  /** What is chosen inside, in a few words, seen while it is closed. */
  summary: string;
  children: ReactNode;
}

/** A part of the setup that opens and closes. */
export function Section({ id, title, summary, children }: SectionProps) {
  return (
    <Accordion.Item value={id}>
      <Accordion.Control>
        <span>{title}</span>
        <span data-summary aria-hidden>
          {summary}
        </span>
      </Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  );
}
