import { MantineProvider, type MantineColorSchemeManager } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { BrowserRouter, Route, Routes } from 'react-router';
import { usePage } from '../state/page-store.ts';
import { cssVariablesResolver, theme } from '../ui/theme/theme.ts';
import { DefensePage } from './DefensePage.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { LabPage } from './LabPage.tsx';
import { NotFound } from './NotFound.tsx';
import { DEFENSES_PATH } from './pages.ts';
import { Shell } from './Shell.tsx';

/** Light, dark or the system's, as the page store holds it. */
const colorScheme = (): MantineColorSchemeManager => {
  let unsubscribe: (() => void) | null = null;
  return {
    get: () => usePage.getState().theme,
    set: (value) => {
      usePage.getState().setTheme(value);
    },
    subscribe: (onUpdate) => {
      unsubscribe = usePage.subscribe((state, before) => {
        if (state.theme !== before.theme) onUpdate(state.theme);
      });
    },
    unsubscribe: () => unsubscribe?.(),
    clear: () => {
      usePage.getState().setTheme('auto');
    },
  };
};
const colorSchemeManager = colorScheme();

/** Routes are one segment deep, so the folder of the first address is where the lab lives, on any host. */
const basename = window.location.pathname.replace(/\/[^/]*$/, '');

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <Notifications position="bottom-right" limit={4} containerWidth={380} />
      <ErrorBoundary>
        <BrowserRouter basename={basename}>
          <Routes>
            <Route element={<Shell />}>
              <Route index element={<LabPage />} />
              <Route path="index.html" element={<LabPage />} />
              <Route path={DEFENSES_PATH} element={<DefensePage />} />
              <Route path="*" element={<NotFound />} />
            </Route>
          </Routes>
        </BrowserRouter>
      </ErrorBoundary>
    </MantineProvider>
  );
}
