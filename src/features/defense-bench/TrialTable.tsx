import { ActionIcon, Group, Progress, Text, VisuallyHidden } from '@mantine/core';
import { IconTrash, IconX } from '@tabler/icons-react';
import type { DefenseVerdict } from '../../core/defenses/result.ts';
import { benchStore } from '../../state/bench-store.ts';
import type { Trial } from '../../state/bench-trials.ts';
import { formatDuration } from '../../ui/format.ts';
import classes from './bench.module.css';
import { defenseTitle, progressWords, scoreWords, VERDICTS } from './words.ts';

/** What was found stands first: a narrow page shows two columns before it scrolls. */
const TITLES = ['Defense', 'Verdict', 'Score', 'Seconds', 'Clean control', 'Model'];

/** Every defense that was run, waits or runs: verdict, score and cost, with what it says of a clean model. */
export function TrialTable({ trials, opened }: { trials: readonly Trial[]; opened: number | null }) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Defenses that were run">
      <table className={classes.table}>
        <thead>
          <tr>
            {TITLES.map((title) => (
              <th
                key={title}
                scope="col"
                className={['Model', 'Verdict', 'Clean control'].includes(title) ? classes.words : undefined}
              >
                {title}
              </th>
            ))}
            <th>
              <VisuallyHidden>Cancel or remove</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {trials.map((trial) => (
            <Row key={trial.id} trial={trial} isOpen={trial.id === opened} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ trial, isOpen }: { trial: Trial; isOpen: boolean }) {
  const { id, model, phase, result, error } = trial;
  const title = defenseTitle(trial);
  const going = phase === 'waiting' || phase === 'running';
  return (
    <tr data-opened={isOpen || undefined}>
      <th scope="row">
        <button
          type="button"
          className={classes.link}
          aria-pressed={isOpen}
          onClick={() => benchStore.getState().open(id)}
        >
          {title}
        </button>
      </th>
      {result ? (
        <>
          <td className={classes.words}>
            <Verdict verdict={result.verdict} />
          </td>
          <td>{scoreWords(result.score)}</td>
          <td>{result.seconds.toFixed(1)}</td>
          <td className={classes.words}>
            {result.control ? (
              <>
                <Verdict verdict={result.control.verdict} /> {scoreWords(result.control.score)}
              </>
            ) : (
              '–'
            )}
          </td>
        </>
      ) : (
        <td colSpan={4} className={classes.words}>
          {going ? <Going trial={trial} /> : error ? error.what : 'Stopped'}
        </td>
      )}
      <td className={classes.words}>
        {model.title}
        {model.step !== null && (
          <Text span size="xs" c="dimmed">
            {' '}
            step {model.step.toLocaleString('en')}
          </Text>
        )}
      </td>
      <td>
        <ActionIcon
          size="sm"
          aria-label={going ? `Cancel ${title} on ${model.title}` : `Remove ${title} on ${model.title}`}
          onClick={() => (going ? benchStore.getState().cancel(id) : benchStore.getState().remove(id))}
        >
          {going ? <IconX size={15} aria-hidden /> : <IconTrash size={15} aria-hidden />}
        </ActionIcon>
      </td>
    </tr>
  );
}

export function Going({ trial }: { trial: Trial }) {
  const { progress, phase } = trial;
  const left = progress?.secondsLeft ?? null;
  const words = progressWords(trial);
  return (
    <Group gap="xs" wrap="nowrap">
      {phase === 'running' && (
        <Progress
          value={progress ? (100 * progress.done) / Math.max(1e-9, progress.total) : 0}
          w="6rem"
          aria-label={words}
        />
      )}
      <Text size="xs" className={classes.number}>
        {words}
        {left !== null && left >= 1 && `, ${formatDuration(left)} left`}
      </Text>
    </Group>
  );
}

const TONES: Record<DefenseVerdict, string | undefined> = {
  backdoored: classes.bad,
  clean: classes.good,
  repaired: classes.repaired,
  undecided: undefined,
};

export function Verdict({ verdict }: { verdict: DefenseVerdict }) {
  return (
    <span className={TONES[verdict]}>
      {verdict === 'backdoored' && '▲ '}
      {VERDICTS[verdict]}
    </span>
  );
}
