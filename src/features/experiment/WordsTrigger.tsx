import { Button, Group, Text } from '@mantine/core';
import { IconArrowsShuffle } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { LabelConfig, SynthesizerConfig } from '../../core/config/schema.ts';
import type { TextInfo } from '../../core/datasets/dataset.ts';
import type { TextPreviews } from '../../core/experiment/events.ts';
import { MarkedText } from '../../ui/MarkedText.tsx';
import { previewLabel } from '../trigger-painter/preview-stamps.ts';
import { ConfigField } from './ConfigField.tsx';
import { previewTexts } from './preview-texts.ts';
import classes from './WordsTrigger.module.css';

interface WordsTriggerProps {
  synthesizer: Extract<SynthesizerConfig, { kind: 'words' }>;
  label: LabelConfig;
  /** Of the texts as the experiment reads them; null while that is not known, or for another kind of data. */
  info: TextInfo | null;
  /** Some test texts; null while they are on their way. */
  previews: TextPreviews | null;
}

/** Test texts that show the trigger. */
const SHOWN = 4;

/** Words on each side of the trigger. */
const AROUND = 10;

/** A trigger of words: what they are, where they go, and how that looks in test texts. */
export function WordsTrigger({ synthesizer, label, info, previews }: WordsTriggerProps) {
  const [shuffle, setShuffle] = useState(1);
  const shown = useMemo(
    () => (info && previews ? previewTexts(synthesizer, info, previews.texts.slice(0, SHOWN), shuffle) : []),
    [synthesizer, info, previews, shuffle],
  );
  const nameOf = (index: number): string => info?.classes[index] ?? String(index);
  return (
    <>
      <ConfigField path="attack.synthesizer.text" />
      <ConfigField path="attack.synthesizer.place" />
      {shown.length > 0 && (
        <section className={classes.preview} aria-label="Preview in test texts">
          <Group justify="space-between" gap="xs" mih={26}>
            <Text size="sm" fw={600}>
              In test texts
            </Text>
            {synthesizer.place === 'random' && (
              <Button
                size="compact-sm"
                fz="xs"
                variant="subtle"
                leftSection={<IconArrowsShuffle size={14} aria-hidden />}
                onClick={() => setShuffle((n) => n + 1)}
              >
                Shuffle places
              </Button>
            )}
          </Group>
          <ul className={classes.texts}>
            {shown.map((text, index) => {
              const trueClass = previews?.labels[index] ?? 0;
              const target = previewLabel(label, trueClass, info?.classes.length ?? 0);
              return (
                <li key={index}>
                  <MarkedText {...text} around={AROUND} />
                  <Text size="xs" c="dimmed">
                    {nameOf(trueClass)} → <b>{target === null ? 'no such class' : nameOf(target)}</b>
                  </Text>
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </>
  );
}
