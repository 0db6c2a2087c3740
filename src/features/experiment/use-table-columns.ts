import { useEffect, useState } from 'react';
import type { TextColumns } from '../../core/datasets/loaders/text-columns.ts';
import { blobFile } from '../../core/datasets/loaders/source-files.ts';
import type { ChosenFile } from './chosen-files.ts';

/** The columns of a table of texts that was chosen, and which of them a person wants. */
export interface TableChoice {
  /** Empty where the files are no tables. */
  names: readonly string[];
  /** What their names say; null where these do not tell. */
  found: TextColumns | null;
  /** What a person chose; null leaves it to names and contents. */
  chosen: Partial<TextColumns> | null;
  choose: (column: keyof TextColumns, name: string | null) => void;
}

interface Head extends Pick<TableChoice, 'names' | 'found'> {
  /** The files that it is of; of others it says nothing. */
  of: readonly ChosenFile[];
}

/** Reads the first row of the first file, where all are tables; what cannot be read is told when the files are. */
export function useTableColumns(files: readonly ChosenFile[]): TableChoice {
  const [head, setHead] = useState<Head | null>(null);
  const [choice, setChoice] = useState<{ of: readonly ChosenFile[]; columns: Partial<TextColumns> } | null>(
    null,
  );
  useEffect(() => {
    let gone = false;
    const look = async (): Promise<void> => {
      const [first] = files;
      if (!first) return;
      // The reader of tables comes only when there is one.
      const { isTableOfTexts, tableHead } = await import('../../core/datasets/loaders/labelled-rows.ts');
      if (!files.every(({ path }) => isTableOfTexts({ name: path }))) return;
      const { names, columns } = await tableHead(blobFile(first.path, first.blob));
      const named = [...new Set(names)].filter((name) => name !== '');
      if (!gone) setHead({ of: files, names: named, found: columns });
    };
    look().catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [files]);
  const chosen = choice?.of === files && Object.keys(choice.columns).length > 0 ? choice.columns : null;
  const choose: TableChoice['choose'] = (column, name) => {
    const others = Object.entries(chosen ?? {}).filter(([one]) => one !== column);
    const columns = Object.fromEntries(name === null ? others : [...others, [column, name]]);
    setChoice({ of: files, columns });
  };
  return head?.of === files
    ? { names: head.names, found: head.found, chosen, choose }
    : { names: [], found: null, chosen: null, choose };
}
