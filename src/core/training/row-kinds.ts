/** What a row of a poisoned training set is: as it was, with the trigger, or with it under its own label. */
export const ROW_KINDS = ['clean', 'poisoned', 'cover'] as const;
export type RowKind = (typeof ROW_KINDS)[number];
