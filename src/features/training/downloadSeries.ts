import type { RunSeries, SeriesTable } from '../../core/series/runSeries.ts';
import { download } from '../../ui/charts/download.ts';

/** Downloads a table of a run as CSV, all columns and rows; long tables are written in pieces so that the page answers. */
export async function downloadSeries(series: RunSeries, table: SeriesTable, fileName: string): Promise<void> {
  const parts: string[] = [];
  for (const piece of series.csvPieces(table)) {
    parts.push(piece);
    await new Promise((resolve) => setTimeout(resolve));
  }
  download(fileName, parts, 'text/csv');
}

/** What a chart of a run needs to offer a table of it as CSV. */
export function csvOf(series: RunSeries, table: SeriesTable, onError?: (error: unknown) => void) {
  return {
    onExportCsv: () => {
      downloadSeries(series, table, `${table}.csv`).catch((error: unknown) => onError?.(error));
    },
    ...(onError === undefined ? {} : { onError }),
  };
}
