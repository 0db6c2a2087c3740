import { Anchor, Container, Text, Title } from '@mantine/core';
import { Link, useLocation } from 'react-router';

export function NotFound() {
  const { pathname } = useLocation();
  return (
    <Container size="sm" py="xl" component="main" id="main" tabIndex={-1}>
      <Title order={1}>There is no page here</Title>
      <Text mt="md">
        The lab has nothing at <code>{pathname}</code>.{' '}
        <Anchor component={Link} to="/">
          Go to the lab
        </Anchor>
        ; your experiment is still there.
      </Text>
    </Container>
  );
}
