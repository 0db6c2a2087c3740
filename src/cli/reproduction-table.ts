import type { Reproduced, Trial } from './reproduce.ts';

/** What was reproduced as a Markdown table: the mean over seeds, with the smallest and largest where they differ. */
export function table(done: readonly Reproduced[]): string {
  const head = [
    '| attack | clean control | clean accuracy | ASR | R-accuracy | reached | published |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  return [...head, ...done.map(row)].join('\n');
}

function row({ reproduction, trials, reached }: Reproduced): string {
  const { title, published, attackSuccess, cleanDrop } = reproduction;
  const backdoors = trials[0]?.attackSuccess.length ?? 0;
  const success = Array.from({ length: backdoors }, (_, at) =>
    spread(trials.map((trial) => trial.attackSuccess[at] ?? 0)),
  );
  const robust = trials.map(({ robust: value }) => value).filter((value) => value !== null);
  const cells = [
    title,
    spread(trials.map(({ control }) => control)),
    spread(trials.map(({ clean }) => clean)),
    success.join(' and '),
    robust.length === 0 ? '-' : spread(robust),
    reached ? 'yes' : `no: ASR >= ${attackSuccess}, clean within ${cleanDrop}`,
    published === null ? '' : `[${published.text}](${published.source})`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** `0.9873`, or `0.9873 (0.9841 to 0.9890)`. */
export function spread(values: readonly Trial['clean'][]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? mean.toFixed(4) : `${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}
