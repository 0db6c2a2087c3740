import { Button, Checkbox, Group, Menu, NativeSelect, Progress, Text, Title } from '@mantine/core';
import { IconDownload, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect } from 'react';
import { type DefenseId, defenseMethods } from '../../core/defenses/definitions.ts';
import { cellColor, matrixToSvg } from '../../core/defenses/matrix-svg.ts';
import { matrixToCsv, matrixToLatex } from '../../core/defenses/matrix-text.ts';
import { cellsAt, type Matrix, readingOf } from '../../core/defenses/matrix.ts';
import {
  LENGTHS,
  type Length,
  MATRIX_ATTACKS,
  matrixStore,
  missing,
  type SweepState,
  useMatrix,
} from '../../state/matrix-store.ts';
import { download } from '../../ui/charts/download.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatDuration } from '../../ui/format.ts';
import classes from './bench.module.css';
import { AS_PUBLISHED, configured } from './params.ts';
import { definitionOf } from './words.ts';

const EXPORTS = [
  { label: 'CSV, every figure', extension: 'csv', type: 'text/csv', make: matrixToCsv },
  { label: 'LaTeX table', extension: 'tex', type: 'text/x-tex', make: matrixToLatex },
  { label: 'SVG picture', extension: 'svg', type: 'image/svg+xml', make: matrixToSvg },
] as const;

/** Attacks against defenses, filled in the background and kept. */
export function MatrixPanel() {
  const sweep = useMatrix((state) => state);
  useEffect(() => void matrixStore.getState().restore(), []);
  const { phase, attacks, defenses, cells, error, length } = sweep;
  const idle = phase === 'idle';
  const open = missing(sweep).reduce((sum, row) => sum + row.defenses.length, 0);
  const all = attacks.length * defenses.length;
  const matrix = matrixOf(sweep);
  return (
    <section className={classes.card} aria-label="Matrix of attacks and defenses">
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h3">
          Attacks × defenses
        </Title>
        <Menu position="bottom-end" shadow="sm" withinPortal>
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              disabled={matrix.cells.length === 0}
            >
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {EXPORTS.map(({ label, extension, type, make }) => (
              <Menu.Item
                key={extension}
                onClick={() => download(`attacks-x-defenses.${extension}`, [make(matrix)], type)}
              >
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Text size="xs" c="dimmed">
        Each attack is trained in the background, then each defense runs on its model and on a clean one. What
        is done is kept in this browser; a sweep goes on where it stopped.
      </Text>
      <details className={classes.details} open={all === 0 || undefined}>
        <summary>
          {attacks.length} attacks, {defenses.length} defenses
        </summary>
        <Choices sweep={sweep} />
      </details>
      <div className={classes.bar}>
        <NativeSelect
          size="xs"
          aria-label="Length of the training"
          value={length}
          disabled={!idle}
          data={Object.entries(LENGTHS).map(([value, { title }]) => ({ value, label: title }))}
          onChange={(event) => matrixStore.getState().choose({ length: event.currentTarget.value as Length })}
        />
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          disabled={!idle || open === 0}
          onClick={() => matrixStore.getState().start()}
        >
          {open < all ? `Go on: ${open} cells` : `Fill ${open} cells`}
        </Button>
        {!idle && (
          <Button
            variant="default"
            disabled={phase === 'stopping'}
            onClick={() => matrixStore.getState().stop()}
          >
            Stop the sweep
          </Button>
        )}
        {idle && cells.length > 0 && (
          <Button variant="subtle" onClick={() => void matrixStore.getState().clear()}>
            Forget {cells.length} kept cells
          </Button>
        )}
      </div>
      <Doing />
      {error && <ErrorPanel error={error} />}
      {matrix.cells.length > 0 || all > 0 ? (
        <Grid matrix={matrix} />
      ) : (
        <Text size="sm" c="dimmed">
          Choose attacks and defenses to fill a matrix.
        </Text>
      )}
    </section>
  );
}

function Doing() {
  const doing = useMatrix((state) => state.doing);
  if (!doing) return null;
  const left = doing.secondsLeft;
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress value={100 * doing.done} w="8rem" aria-label={doing.words} />
      <Text size="xs" className={classes.number}>
        {doing.words}
        {left !== null && left >= 1 && `, ${formatDuration(left)} left`}
      </Text>
    </Group>
  );
}

function Choices({ sweep: { attacks, defenses, phase } }: { sweep: SweepState }) {
  const { choose } = matrixStore.getState();
  const disabled = phase !== 'idle';
  const ids = defenses.map(({ kind }) => kind);
  const toggled = <T,>(list: readonly T[], one: T, on: boolean): T[] =>
    on ? [...list, one] : list.filter((other) => other !== one);
  return (
    <div className={classes.beside}>
      <div role="group" aria-label="Attacks of the matrix">
        <Button
          size="compact-xs"
          variant="subtle"
          disabled={disabled}
          onClick={() => choose({ attacks: MATRIX_ATTACKS.map(({ id }) => id) })}
        >
          All attacks
        </Button>
        {MATRIX_ATTACKS.map(({ id, title }) => (
          <Checkbox
            key={id}
            size="xs"
            label={title}
            disabled={disabled}
            checked={attacks.includes(id)}
            onChange={(event) => choose({ attacks: toggled(attacks, id, event.currentTarget.checked) })}
          />
        ))}
      </div>
      <div role="group" aria-label="Defenses of the matrix">
        <Button
          size="compact-xs"
          variant="subtle"
          disabled={disabled}
          onClick={() =>
            choose({
              defenses: defenseMethods.map(({ id }) => configured(id as DefenseId, AS_PUBLISHED)),
            })
          }
        >
          All defenses
        </Button>
        {defenseMethods.map(({ id: name, title }) => {
          const id = name as DefenseId;
          return (
            <Checkbox
              key={id}
              size="xs"
              label={title}
              disabled={disabled}
              checked={ids.includes(id)}
              onChange={(event) =>
                choose({
                  defenses: toggled(ids, id, event.currentTarget.checked).map((kind) =>
                    configured(kind, AS_PUBLISHED),
                  ),
                })
              }
            />
          );
        })}
      </div>
    </div>
  );
}

/** What was chosen, and what is kept beside it. */
function matrixOf({ attacks, defenses, cells, length }: SweepState): Matrix {
  const rows = MATRIX_ATTACKS.filter(
    ({ id }) => attacks.includes(id) || cells.some(({ attack }) => attack === id),
  );
  const columns = defenseMethods.filter(
    ({ id }) => defenses.some(({ kind }) => kind === id) || cells.some(({ defense }) => defense === id),
  );
  return {
    title: `Attacks and defenses. ${LENGTHS[length].title}, seed 1`,
    attacks: rows.map(({ id, title }) => ({ id, title })),
    defenses: columns.map(({ id, title, kind }) => ({ id, title, kind })),
    cells,
  };
}

function Grid({ matrix }: { matrix: Matrix }) {
  const { attacks, defenses } = matrix;
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Matrix">
      <table className={classes.table}>
        <caption>
          Guards and filters: true positives at 1 % false ones. Repairs: attack success before → after.
          Inspections: verdict and score. Blue held, orange did not.
        </caption>
        <thead>
          <tr>
            <th scope="col">Attack</th>
            {defenses.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {attacks.map((attack) => (
            <tr key={attack.id}>
              <th scope="row">{attack.title}</th>
              {defenses.map(({ id, kind }) => {
                const cells = cellsAt(matrix, attack.id, id);
                const { text, held } = readingOf(cells, kind);
                const [first] = cells;
                const hint = first?.error
                  ? first.error.what
                  : first &&
                    `${definitionOf(id as DefenseId).title}: ${first.verdict ?? ''}, ${first.seconds.toFixed(1)} s; clean control: ${first.control?.verdict ?? '–'}`;
                return (
                  <td key={id} title={hint}>
                    {cells.length === 0 ? (
                      <span aria-label="not filled">·</span>
                    ) : (
                      // Dark on light in both themes, so that the shades mean the same.
                      <span className={classes.shade} style={{ background: cellColor(held) }}>
                        {text || '–'}
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
