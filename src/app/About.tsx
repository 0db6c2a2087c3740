import { Anchor, Stack, Text, Title } from '@mantine/core';

/** What the lab is for, what stays where, and whose ideas it rests on. */
export function About() {
  return (
    <Stack gap="sm">
      <Text size="sm">
        Backdoor Lab trains small networks with a hidden behaviour, so that the behaviour can be watched,
        measured and understood: what a trigger does, how it gets in, and what gives it away. It is meant for
        research and teaching.
      </Text>
      <Title order={3}>Use it with care</Title>
      <Text size="sm">
        A model that leaves this lab may hold a backdoor. Its file and card say so: keep them together, and
        never pass such a model on as a clean one. Use the methods only on models and data that are yours, or
        that you were asked to examine. Accuracy alone never shows that a model is safe.
      </Text>
      <Title order={3}>Where your data is</Title>
      <Text size="sm">
        Everything runs in this tab. Nothing is uploaded: the page’s security policy lets it fetch from its
        own address only. Experiments and checkpoints are kept in this browser’s storage until you clear it.
      </Text>
      <Title order={3}>What it stands on</Title>
      <Text size="sm">
        The lab started from{' '}
        <Anchor href="https://github.com/ebagdasa/backdoors101" target="_blank" rel="noopener noreferrer">
          Backdoors 101
        </Anchor>{' '}
        and reads its experiments. The blind attack is by Bagdasaryan and Shmatikov, “Blind Backdoors in Deep
        Learning Models” (USENIX Security 2021).
      </Text>
    </Stack>
  );
}
