/** What the page itself shows: theme and open dialogs. Nothing of the experiment. */
import { create } from 'zustand';

export type ThemeChoice = 'auto' | 'light' | 'dark';
export type DialogName = 'help' | 'about' | 'take-home' | 'bring-data';

const THEME_KEY = 'backdoor-lab/theme';
const THEMES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];

interface PageState {
  theme: ThemeChoice;
  dialog: DialogName | null;
  editorOpen: boolean;
  setTheme: (theme: ThemeChoice) => void;
  open: (dialog: DialogName) => void;
  close: () => void;
  setEditorOpen: (open: boolean) => void;
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
}));
