import { useEffect, useState } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import type { BrowsedImages, BrowseWish } from '../../core/training/browse.ts';
import { labWorkers } from '../../state/workers.ts';

export interface ImagesState {
  /** The last that came; they stay while the next are on their way. */
  images: BrowsedImages | null;
  busy: boolean;
  error: LabErrorData | null;
}

/** Images of the training set of a task. A wish that is equal is not asked for again; null asks for nothing. */
export function useImages(task: ExperimentConfig['task'], wish: BrowseWish | null): ImagesState {
  const [state, setState] = useState<ImagesState & { key: string | null }>({
    key: null,
    images: null,
    busy: false,
    error: null,
  });
  const key = wish && JSON.stringify([task, wish]);
  useEffect(() => {
    if (key === null) return;
    let current = true;
    const [asked, wanted] = JSON.parse(key) as [ExperimentConfig['task'], BrowseWish];
    const { result, control } = labWorkers().start<'browse'>({ kind: 'browse', task: asked, wish: wanted });
    result.then(
      (images) => {
        if (current) setState({ key, images, busy: false, error: null });
      },
      (thrown: unknown) => {
        const error = asLabError(thrown);
        if (current && error.code !== 'E-CANCELLED')
          setState({ key, images: null, busy: false, error: error.toData() });
      },
    );
    return () => {
      current = false;
      control({ action: 'cancel' });
    };
  }, [key]);
  return { images: state.images, error: state.error, busy: key !== null && state.key !== key };
}
