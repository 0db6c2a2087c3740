/** Everything a person can do with the experiment: one object gives the button, the shortcut, the palette entry and the enabled state. */
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronRight,
  IconChevronsRight,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRestore,
  type Icon,
} from '@tabler/icons-react';
import { datasetStore } from '../../state/dataset-store.ts';
import { experimentStore } from '../../state/experiment-store.ts';
import { runStore, type RunPhase } from '../../state/run-store.ts';
import { notifyWithAction } from '../../ui/notify.tsx';
import { draftProblems } from './draft-problems.ts';
import type { Shortcut } from './shortcut.ts';

/** What decides whether an action can be taken, and how it is called now. */
export interface ActionState {
  phase: RunPhase;
  /** Number of problems that keep the draft from being run. */
  problems: number;
  canUndo: boolean;
  canRedo: boolean;
}

export interface ActionView {
  title: string;
  icon: Icon;
  /** Why it cannot be taken now; null when it can. */
  blocked: string | null;
}

export interface Action {
  id: string;
  group: 'Run' | 'Experiment' | 'Page';
  hint: string;
  shortcut: Shortcut | null;
  view: (state: ActionState) => ActionView;
  perform: () => void | Promise<void>;
}

/** The state of the stores as actions see it. */
export function actionState(): ActionState {
  const { draft, past, future } = experimentStore.getState();
  return {
    phase: runStore.getState().phase,
    problems: Object.keys(draftProblems(draft, datasetStore.getState().info)).length,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
  };
}

const draft = () => experimentStore.getState().draft;

const startBlocked = ({ problems }: ActionState): string | null =>
  problems === 0 ? null : 'The experiment has a problem: see the top of the setup.';

const stepBlocked = (state: ActionState): string | null => {
  if (state.phase === 'preparing') return 'Getting ready.';
  if (state.phase === 'running') return 'Pause first.';
  return state.phase === 'paused' ? null : startBlocked(state);
};

export const runAction: Action = {
  id: 'run',
  group: 'Run',
  hint: 'Train from the experiment as it stands, or pause and go on',
  shortcut: { key: ' ' },
  view: (state) => {
    if (state.phase === 'running') return { title: 'Pause', icon: IconPlayerPause, blocked: null };
    if (state.phase === 'paused') return { title: 'Go on', icon: IconPlayerPlay, blocked: null };
    if (state.phase === 'preparing')
      return { title: 'Starting', icon: IconPlayerPlay, blocked: 'Getting ready. Stop ends it.' };
    const title = state.phase === 'idle' ? 'Run' : 'Run again';
    return { title, icon: IconPlayerPlay, blocked: startBlocked(state) };
  },
  perform: () => {
    const { phase, pause, resume, run } = runStore.getState();
    if (phase === 'running') return pause();
    return phase === 'paused' ? resume() : run(draft());
  },
};

export const stepBatchAction: Action = {
  id: 'step-batch',
  group: 'Run',
  hint: 'Train on one batch, then pause',
  shortcut: { key: '.' },
  view: (state) => ({ title: 'Step', icon: IconChevronRight, blocked: stepBlocked(state) }),
  perform: () => runStore.getState().stepBatch(draft()),
};

export const stepEpochAction: Action = {
  id: 'step-epoch',
  group: 'Run',
  hint: 'Train to the end of the epoch, then pause',
  shortcut: { key: '.', shift: true },
  view: (state) => ({ title: 'Epoch', icon: IconChevronsRight, blocked: stepBlocked(state) }),
  perform: () => runStore.getState().stepEpoch(draft()),
};

export const stopAction: Action = {
  id: 'stop',
  group: 'Run',
  hint: 'End the run now; its figures and weights stay',
  shortcut: null,
  view: ({ phase }) => ({
    title: 'Stop',
    icon: IconPlayerStop,
    blocked:
      phase === 'running' || phase === 'paused' || phase === 'preparing' ? null : 'There is no run to stop.',
  }),
  perform: () => runStore.getState().stop(),
};

export const resetAction: Action = {
  id: 'reset',
  group: 'Run',
  hint: 'Clear the run and its charts; can be undone',
  shortcut: { key: 'r' },
  view: ({ phase }) => ({
    title: 'Reset',
    icon: IconRestore,
    blocked: phase === 'idle' ? 'There is nothing to reset.' : null,
  }),
  perform: async () => {
    await runStore.getState().reset();
    if (!runStore.getState().canUndoReset) return;
    notifyWithAction('reset', 'The run was cleared.', 'Undo', () => {
      void runStore.getState().undoReset();
    });
  },
};

export const undoAction: Action = {
  id: 'undo',
  group: 'Experiment',
  hint: 'Take back the last change of the setup',
  shortcut: { key: 'z', mod: true },
  view: ({ canUndo }) => ({
    title: 'Undo change',
    icon: IconArrowBackUp,
    blocked: canUndo ? null : 'Nothing to undo.',
  }),
  perform: () => {
    experimentStore.getState().undo();
  },
};

export const redoAction: Action = {
  id: 'redo',
  group: 'Experiment',
  hint: 'Make the change of the setup again',
  shortcut: { key: 'z', mod: true, shift: true },
  view: ({ canRedo }) => ({
    title: 'Redo change',
    icon: IconArrowForwardUp,
    blocked: canRedo ? null : 'Nothing to redo.',
  }),
  perform: () => {
    experimentStore.getState().redo();
  },
};
