/** What the page itself shows: theme, open dialogs, and text that the experiment cannot take yet. */
import { create } from 'zustand';
import type { ExperimentConfig } from '../core/config/schema.ts';

export type ThemeChoice = 'auto' | 'light' | 'dark';
export type DialogName =
  | 'help'
  | 'about'
  | 'take-home'
  | 'bring-data'
  | 'poisoned-set'
  | 'live-test'
  | 'cut-object'
  | 'pick-images';

const THEME_KEY = 'backdoor-lab/theme';
const THEMES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];

/** Text with mistakes that stood in the editor when it was closed, and the draft that it was written over. */
export interface UnsavedText {
  text: string;
  draft: ExperimentConfig;
}

interface PageState {
  theme: ThemeChoice;
  dialog: DialogName | null;
  editorOpen: boolean;
  unsavedText: UnsavedText | null;
  setTheme: (theme: ThemeChoice) => void;
  open: (dialog: DialogName) => void;
  close: () => void;
  setEditorOpen: (open: boolean) => void;
  keepText: (unsaved: UnsavedText | null) => void;
}

function storedTheme(): ThemeChoice {
  try {
    const stored = globalThis.localStorage.getItem(THEME_KEY);
    return THEMES.find((theme) => theme === stored) ?? 'auto';
  } catch {
    return 'auto'; // storage may be forbidden; the choice then lasts as long as the page
  }
}

export const usePage = create<PageState>()((set) => ({
  theme: storedTheme(),
  dialog: null,
  editorOpen: false,
  unsavedText: null,
  setTheme: (theme) => {
    try {
      globalThis.localStorage.setItem(THEME_KEY, theme);
    } catch {
      // as above
    }
    set({ theme });
  },
  open: (dialog) => {
    set({ dialog });
  },
  close: () => {
    set({ dialog: null });
  },
  setEditorOpen: (editorOpen) => {
    set({ editorOpen });
  },
  keepText: (unsavedText) => {
    set({ unsavedText });
  },
}));
