/** Where a chart reads from: a table that grows. Full resolution; the chart smooths and decimates what it shows. */
export interface ChartSource {
  /** Calls back at each change, as often as it likes; returns how to stop that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** A number that differs whenever the table changed. */
  readonly version: () => number;
  /** Copies of whole columns, NaN where nothing was measured. `x` ascends and has the length of all others. */
  readonly read: (keys: readonly string[]) => ChartColumns;
}

export interface ChartColumns {
  x: Float64Array;
  columns: Float64Array[];
}

/** One line, or one layer of a stack. */
export interface ChartSeries {
  /** Name of the column; letters, digits and underscores. */
  key: string;
  label: string;
  /** CSS colour. */
  color: string;
  /** Dash pattern of SVG, so that lines differ without colour too: `6 3`. */
  dash?: string;
  /** Marks instead of a line, shown and hidden with the series of this key and never thinned or smoothed. */
  marksOf?: string;
}
