import type { ChartSeries } from './chartSource.ts';
import type { SeriesFacts } from './plot.ts';

/** A chart in words: `Clean accuracy: 0.981 at step 900, from 0.11. Attack success: ...`. */
export function summarize(
  series: readonly ChartSeries[],
  facts: Readonly<Record<string, SeriesFacts>>,
  xName: string,
  format: (value: number) => string,
): string {
  const sentences = series
    .filter((one) => one.marksOf === undefined)
    .map((one) => {
      const fact = facts[one.key];
      if (fact === undefined || Number.isNaN(fact.latest)) return `${one.label}: not measured yet.`;
      return `${one.label}: ${format(fact.latest)} at ${xName} ${fact.latestX}, from ${format(fact.first)}.`;
    });
  return sentences.join(' ');
}
