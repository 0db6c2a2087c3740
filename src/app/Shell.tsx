import { Outlet } from 'react-router';
import { StatusBar } from '../features/status/StatusBar.tsx';
import { Dialogs } from './Dialogs.tsx';
import { Palette } from './Palette.tsx';
import classes from './Shell.module.css';
import { TopBar } from './TopBar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** What stands around every page: top bar, status bar, palette, dialogs and shortcuts. */
export function Shell() {
  useShortcuts();
  return (
    <div className={classes.shell}>
      <a
        className={classes.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // the fragment holds the experiment
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the lab
      </a>
      <TopBar />
      <Outlet />
      <StatusBar />
      <Palette />
      <Dialogs />
    </div>
  );
}
