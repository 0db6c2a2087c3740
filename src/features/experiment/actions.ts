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
import { experimentStore } from '../../state/experiment-store.ts';
import type { PauseReason } from '../../core/experiment/events.ts';
import { runStore, type RunPhase } from '../../state/run-store.ts';
import { notifyWithAction } from '../../ui/notify.tsx';
import { currentProblems } from './current-problems.ts';
import type { Shortcut } from './shortcut.ts';

/** What decides whether an action can be taken, and how it is called now. */
export interface ActionState {
  phase: RunPhase;
  /** Why the run paused; null while it has not. */
  pauseReason: PauseReason | null;
  /** The first problem that keeps the draft from being run, in sentences; null when there is none. */
  problem: string | null;
  canUndo: boolean;
  canRedo: boolean;
}

export interface ActionView {
  title: string;
  icon: Icon;
  /** What it does now, where that changes; else the action's hint says it. */
  hint?: string;
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
  const { past, future } = experimentStore.getState();
  const { phase, pauseReason } = runStore.getState();
  return {
    phase,
    pauseReason,
    problem: Object.values(currentProblems())[0] ?? null,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
  };
}

const draft = () => experimentStore.getState().draft;

/** From where it stands, the run would only meet the same loss again. */
const goOnBlocked = ({ pauseReason }: ActionState): string | null =>
  pauseReason === 'nan'
    ? 'The loss is no longer a number. Go on at half the learning rate, or stop: both stand above the charts.'
    : null;

const stepBlocked = (state: ActionState): string | null => {
  if (state.phase === 'preparing') return 'Getting ready.';
  if (state.phase === 'running') return 'Pause first.';
  return state.phase === 'paused' ? goOnBlocked(state) : state.problem;
};

/** A new run takes the place of the one on the page, which can come back. */
function offerReplaced(before: RunPhase): void {
  if (before === 'idle' || !runStore.getState().canUndoReset) return;
  notifyWithAction('reset', 'A new run began; the one before was set aside.', 'Bring it back', () => {
    void runStore.getState().undoReset();
  });
}

export const runAction: Action = {
  id: 'run',
  group: 'Run',
  hint: 'Train from the experiment as it stands, or pause and go on',
  shortcut: { key: ' ' },
  view: (state) => {
    if (state.phase === 'running')
      return {
        title: 'Pause',
        icon: IconPlayerPause,
        blocked: null,
        hint: 'Hold the run after this step; it can go on from there',
      };
    if (state.phase === 'paused')
      return {
        title: 'Go on',
        icon: IconPlayerPlay,
        blocked: goOnBlocked(state),
        hint: 'Train on from the step where the run paused',
      };
    if (state.phase === 'preparing')
      return { title: 'Starting', icon: IconPlayerPlay, blocked: 'Getting ready. Stop ends it.' };
    const again = {
      title: 'Run again',
      hint: 'Train anew from the experiment as it stands; the figures of this run go',
    };
    const first = { title: 'Run', hint: 'Train from the experiment as it stands' };
    return { ...(state.phase === 'idle' ? first : again), icon: IconPlayerPlay, blocked: state.problem };
  },
  perform: () => {
    const { phase, pause, resume, run } = runStore.getState();
    if (phase === 'running') return pause();
    if (phase === 'paused') return resume();
    run(draft());
    offerReplaced(phase);
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
