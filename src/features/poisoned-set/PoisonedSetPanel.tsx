import { Group, Pagination, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useExperiment } from '../../state/experiment-store.ts';
import { grouped } from '../../core/formats/bytes.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { ExportPoisoned } from './ExportPoisoned.tsx';
import { PoisonFilter } from './PoisonFilter.tsx';
import { RowDetail } from './RowDetail.tsx';
import { RowGrid } from './RowGrid.tsx';
import { PAGE_ROWS, type PoisonView, usePoisonedSet } from './use-poisoned-set.ts';
import { setWords } from './words.ts';

const FIRST: PoisonView = { step: 1, filter: { kind: 'poisoned' }, page: 0 };

/** The training set as the attack leaves it: filtered, looked at one by one, and exported. */
export function PoisonedSetPanel() {
  // As it was when this was opened: what is shown does not change under the eyes.
  const [config] = useState(useExperiment((state) => state.draft));
  const [view, setView] = useState(FIRST);
  const [chosen, setChosen] = useState<number | null>(null);
  const { page, busy, prepared, error } = usePoisonedSet(config, view);
  const show = (change: Partial<PoisonView>): void => {
    setChosen(null);
    setView((before) => ({ ...before, page: 0, ...change }));
  };
  const row = chosen === null ? undefined : page?.rows[chosen];
  const pages = page ? Math.max(1, Math.ceil(page.matched / PAGE_ROWS)) : 1;
  return (
    <Stack gap="sm" aria-busy={busy}>
      <Text size="sm">{setWords(config, page?.place ?? null)}</Text>
      {page && <PoisonFilter page={page} view={view} onChange={show} />}
      {busy && (page === null || prepared !== null) && (
        <Progress
          value={100 * (prepared ?? 1)}
          animated={prepared === null}
          aria-label="The set is prepared"
        />
      )}
      {error !== null && <ErrorPanel error={error} />}
      {page && (
        <>
          <Group justify="space-between" gap="xs">
            <Text size="sm" role="status">
              {page.matched === 0
                ? 'No example is like that.'
                : `${grouped(page.from + 1)} to ${grouped(page.from + page.rows.length)} of ${grouped(page.matched)}`}
            </Text>
            <Pagination
              size="sm"
              total={pages}
              value={view.page + 1}
              siblings={1}
              onChange={(number) => show({ page: number - 1 })}
              getControlProps={(control) => ({ 'aria-label': `${control} page` })}
              getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
            />
          </Group>
          {row && <RowDetail row={row} onClose={() => setChosen(null)} />}
          <RowGrid rows={page.rows} chosen={chosen} onChoose={setChosen} />
          <ExportPoisoned config={config} view={view} matched={page.matched} />
        </>
      )}
    </Stack>
  );
}
