import { Container } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { asLabError, type LabErrorData } from '../core/errors.ts';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';

interface State {
  error: LabErrorData | null;
}

interface ErrorBoundaryProps {
  children: ReactNode;
  /** Around a part of the page: the rest, and a run, go on. */
  part?: boolean;
}

/** Instead of a blank page: what happened, with its code, and a way on. The draft is in the link and in storage. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: asLabError(thrown).toData() };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (this.props.part === true) {
      return (
        <ErrorPanel
          error={error}
          actions={[{ label: 'Show this part again', onClick: () => this.setState({ error: null }) }]}
        />
      );
    }
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
