/** What a person can do with the page, and the one list of all actions. */
import { spotlight } from '@mantine/spotlight';
import {
  IconCamera,
  IconCode,
  IconCommand,
  IconDatabaseImport,
  IconDeviceDesktop,
  IconDownload,
  IconFlask2,
  IconHelp,
  IconInfoCircle,
  IconMoon,
  IconShare2,
  IconSun,
} from '@tabler/icons-react';
import {
  redoAction,
  resetAction,
  runAction,
  stepBatchAction,
  stepEpochAction,
  stopAction,
  undoAction,
  type Action,
  type ActionView,
} from '../features/experiment/actions.ts';
import { usePage, type ThemeChoice } from '../state/page-store.ts';
import { notifyDone } from '../ui/notify.tsx';
import { currentLink } from './open-lab.ts';

const free = (title: string, icon: ActionView['icon']) => (): ActionView => ({ title, icon, blocked: null });

export const shareAction: Action = {
  id: 'share',
  group: 'Page',
  hint: 'Copy a link that holds this experiment',
  shortcut: null,
  view: ({ problem }) => ({ title: 'Share', icon: IconShare2, blocked: problem }),
  perform: async () => {
    await navigator.clipboard.writeText(currentLink());
    notifyDone('The link is copied. It holds the whole experiment, the trigger included.');
  },
};

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { auto: 'light', light: 'dark', dark: 'auto' };
const THEME_ICONS = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };
const THEME_NAMES = { auto: 'as the system', light: 'light', dark: 'dark' };

export const themeAction: Action = {
  id: 'theme',
  group: 'Page',
  hint: 'Light, dark, or as the system',
  shortcut: null,
  view: () => {
    const { theme } = usePage.getState();
    return { title: `Theme: ${THEME_NAMES[theme]}`, icon: THEME_ICONS[theme], blocked: null };
  },
  perform: () => {
    const { theme, setTheme } = usePage.getState();
    setTheme(NEXT_THEME[theme]);
  },
};

export const editorAction: Action = {
  id: 'editor',
  group: 'Experiment',
  hint: 'Edit the experiment as text, in step with the form',
  shortcut: { key: 'e' },
  view: free('YAML', IconCode),
  perform: () => {
    usePage.getState().setEditorOpen(true);
  },
};

export const takeHomeAction: Action = {
  id: 'take-home',
  group: 'Experiment',
  hint: 'Export the model, the run and the experiment, or import a model or an experiment',
  shortcut: { key: 's', mod: true },
  view: free('Take home', IconDownload),
  perform: () => {
    usePage.getState().open('take-home');
  },
};

export const bringDataAction: Action = {
  id: 'bring-data',
  group: 'Experiment',
  hint: 'Read your own images or texts with their classes',
  shortcut: null,
  view: free('Bring your data', IconDatabaseImport),
  perform: () => {
    usePage.getState().open('bring-data');
  },
};

export const poisonedSetAction: Action = {
  id: 'poisoned-set',
  group: 'Experiment',
  hint: 'See, filter and export what the attack makes of the training set',
  shortcut: null,
  view: free('Poisoned training set', IconFlask2),
  perform: () => {
    usePage.getState().open('poisoned-set');
  },
};

export const liveTestAction: Action = {
  id: 'live-test',
  group: 'Experiment',
  hint: 'Show the model what your camera sees, or a photo, with or without the trigger',
  shortcut: null,
  view: free('Try it live', IconCamera),
  perform: () => {
    usePage.getState().open('live-test');
  },
};

export const helpAction: Action = {
  id: 'help',
  group: 'Page',
  hint: 'All shortcuts',
  shortcut: { key: '?' },
  view: free('Keyboard shortcuts', IconHelp),
  perform: () => {
    usePage.getState().open('help');
  },
};

export const aboutAction: Action = {
  id: 'about',
  group: 'Page',
  hint: 'What this lab is for, and what it is not',
  shortcut: null,
  view: free('About', IconInfoCircle),
  perform: () => {
    usePage.getState().open('about');
  },
};

export const paletteAction: Action = {
  id: 'palette',
  group: 'Page',
  hint: 'Find anything that can be done here',
  shortcut: { key: 'k', mod: true },
  view: free('Commands', IconCommand),
  perform: () => {
    spotlight.open();
  },
};

/** Every action, in the order of the palette and the help. */
export const ACTIONS: readonly Action[] = [
  runAction,
  stepBatchAction,
  stepEpochAction,
  stopAction,
  resetAction,
  editorAction,
  takeHomeAction,
  bringDataAction,
  poisonedSetAction,
  liveTestAction,
  undoAction,
  redoAction,
  shareAction,
  themeAction,
  paletteAction,
  helpAction,
  aboutAction,
];
