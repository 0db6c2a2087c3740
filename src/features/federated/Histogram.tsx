import classes from './federated.module.css';

interface HistogramProps {
  /** Count of each class. */
  counts: readonly number[];
}

/** A bar for each class, tallest for the most; the figures stand in words beside it or in a table. */
export function Histogram({ counts }: HistogramProps) {
  const most = Math.max(1, ...counts);
  return (
    <svg
      className={classes.histogram}
      viewBox={`0 0 ${10 * counts.length} 18`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {counts.map((count, index) => {
        const height = count === 0 ? 0 : Math.max(1, (18 * count) / most);
        return (
          <rect
            key={index}
            x={10 * index + 1}
            y={18 - height}
            width={8}
            height={height}
            fill="currentColor"
          />
        );
      })}
    </svg>
  );
}

/** Classes and how many of each: `3: 12, 7: 40`. */
export function histogramWords(counts: readonly number[], names: readonly string[]): string {
  return counts
    .map((count, index) => (count === 0 ? null : `${names[index] ?? index}: ${count}`))
    .filter((part) => part !== null)
    .join(', ');
}
