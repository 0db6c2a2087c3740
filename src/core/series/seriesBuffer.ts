import { LabError } from '../errors.ts';

export interface SeriesBufferOptions {
  /** Rows that are allocated at a time; memory grows by this much and nothing is copied. Even, at least 2. */
  chunkRows?: number;
  /** Rows that are kept at most; see {@link SeriesBuffer} for what happens then. A multiple of `chunkRows`. */
  maximumRows?: number;
}

/**
 * A table of numbers that grows by rows: one Float64 column for each name, stored in chunks, no object per row.
 * NaN stands for "not measured".
 *
 * It keeps every row up to `maximumRows` (by default 262,144: four hours at 18 steps a second, 2 MB a column). When
 * full, it halves its resolution: every second row is dropped, `stride` doubles, and from then on only each
 * `stride`-th row is stored. Rows are never averaged: what is kept was measured. The newest row is always there.
 */
export class SeriesBuffer<Column extends string> {
  readonly columns: readonly Column[];
  private readonly positions: ReadonlyMap<string, number>;
  private readonly chunkRows: number;
  private readonly maximumRows: number;
  /** Each chunk is [columns][chunkRows]. */
  private chunks: Float64Array[] = [];
  private rows = 0;
  private appended = 0;
  private rowStride = 1;
  /** True while the last stored row is off the stride: the next append takes its place. */
  private lastIsProvisional = false;
  private changes = 0;

  constructor(columns: readonly Column[], options: SeriesBufferOptions = {}) {
    const { chunkRows = 4096, maximumRows = 262_144 } = options;
    if (columns.length === 0 || new Set<string>(columns).size !== columns.length) {
      throw wrongUse('a table needs columns with different names', `It got ${columns.join(', ') || 'none'}.`);
    }
    if (chunkRows < 2 || chunkRows % 2 !== 0 || maximumRows < chunkRows || maximumRows % chunkRows !== 0) {
      throw wrongUse(
        'the sizes of a table do not fit',
        `chunkRows ${chunkRows}, maximumRows ${maximumRows}.`,
      );
    }
    this.columns = [...columns];
    this.positions = new Map(columns.map((name, position) => [name, position]));
    this.chunkRows = chunkRows;
    this.maximumRows = maximumRows;
  }

  /** Rows that can be read. */
  get length(): number {
    return this.rows;
  }

  /** 1 while every appended row is kept; 2, 4, ... after the table was full. */
  get stride(): number {
    return this.rowStride;
  }

  /** Goes up with each change; compare it to know whether to read again. */
  get version(): number {
    return this.changes;
  }

  /** Adds one row; `values` is in the order of `columns`. */
  append(values: ArrayLike<number>): void {
    if (values.length !== this.columns.length) {
      throw wrongUse(
        'a row does not fit its table',
        `${values.length} values for ${this.columns.length} columns.`,
      );
    }
    if (this.lastIsProvisional) this.rows -= 1;
    if (this.rows === this.maximumRows) this.halve();
    this.write(this.rows, values);
    this.rows += 1;
    this.lastIsProvisional = this.appended % this.rowStride !== 0;
    this.appended += 1;
    this.changes += 1;
  }

  /** Value of a column at a row, counted from 0. RangeError outside the table. */
  at(column: Column, row: number): number {
    if (!Number.isInteger(row) || row < 0 || row >= this.rows) {
      throw new RangeError(`Row ${row} of a table of ${this.rows}.`);
    }
    return this.read(this.position(column), row);
  }

  /** Newest value of a column; NaN when the table is empty. */
  latest(column: Column): number {
    const position = this.position(column);
    return this.rows === 0 ? Number.NaN : this.read(position, this.rows - 1);
  }

  /** A copy of a column, oldest first, [length]. */
  column(column: Column): Float64Array {
    const position = this.position(column);
    const out = new Float64Array(this.rows);
    for (let start = 0; start < this.rows; start += this.chunkRows) {
      const count = Math.min(this.chunkRows, this.rows - start);
      const from = position * this.chunkRows;
      out.set(this.chunk(start).subarray(from, from + count), start);
    }
    return out;
  }

  /** Drops all rows from `row` on. Nothing happens when there are none. */
  truncate(row: number): void {
    if (!Number.isInteger(row) || row < 0) throw new RangeError(`Cannot cut a table at row ${row}.`);
    if (row >= this.rows) return;
    this.rows = row;
    this.appended = row * this.rowStride;
    this.lastIsProvisional = false;
    this.chunks.length = Math.ceil(row / this.chunkRows);
    this.changes += 1;
  }

  /** Drops all rows and starts again at full resolution. */
  clear(): void {
    this.chunks = [];
    this.rows = 0;
    this.appended = 0;
    this.rowStride = 1;
    this.lastIsProvisional = false;
    this.changes += 1;
  }

  private position(column: Column): number {
    const position = this.positions.get(column);
    if (position === undefined) {
      throw wrongUse(`there is no column ${column}`, `The columns are ${this.columns.join(', ')}.`);
    }
    return position;
  }

  private chunk(row: number): Float64Array {
    const chunk = this.chunks[Math.floor(row / this.chunkRows)];
    if (chunk === undefined) throw new RangeError(`No chunk for row ${row}.`);
    return chunk;
  }

  private read(position: number, row: number): number {
    return this.chunk(row)[position * this.chunkRows + (row % this.chunkRows)] ?? Number.NaN;
  }

  private write(row: number, values: ArrayLike<number>): void {
    if (row === this.chunks.length * this.chunkRows) {
      this.chunks.push(new Float64Array(this.columns.length * this.chunkRows));
    }
    const chunk = this.chunk(row);
    const offset = row % this.chunkRows;
    for (let position = 0; position < values.length; position++) {
      chunk[position * this.chunkRows + offset] = values[position] ?? Number.NaN;
    }
  }

  /** Keeps rows 0, 2, 4, ...; only called when full, with an even number of rows that all lie on the stride. */
  private halve(): void {
    const row = new Float64Array(this.columns.length);
    const kept = this.rows / 2;
    for (let to = 1; to < kept; to++) {
      for (let position = 0; position < row.length; position++) row[position] = this.read(position, 2 * to);
      this.write(to, row);
    }
    this.rows = kept;
    this.chunks.length = Math.ceil(kept / this.chunkRows);
    this.rowStride *= 2;
  }
}

function wrongUse(what: string, why: string): LabError {
  return new LabError({
    code: 'E-INTERNAL',
    what: `${what.charAt(0).toUpperCase()}${what.slice(1)}.`,
    why,
    fix: 'This is a fault of the lab itself: copy the details into a report.',
  });
}
