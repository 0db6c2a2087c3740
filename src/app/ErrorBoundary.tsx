import { Container } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { asLabError, type LabErrorData } from '../core/errors.ts';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';

interface State {
  error: LabErrorData | null;
}

/** Instead of a blank page: what happened, with its code, and a way on. The draft is in the link and in storage. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: asLabError(thrown).toData() };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Container size="sm" py="xl" component="main">
        <ErrorPanel
          error={error}
          actions={[
            {
              label: 'Show the page again',
              onClick: () => {
                this.setState({ error: null });
              },
            },
            {
              label: 'Reload',
              onClick: () => {
                window.location.reload();
              },
            },
          ]}
        />
      </Container>
    );
  }
}
