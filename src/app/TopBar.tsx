import { Button, Kbd } from '@mantine/core';
import { ActionButton } from '../features/experiment/ActionButton.tsx';
import { takeAction } from '../features/experiment/use-action.ts';
import { Link, useLocation, useNavigate } from 'react-router';
import { usePage } from '../state/page-store.ts';
import {
  aboutAction,
  editorAction,
  helpAction,
  paletteAction,
  shareAction,
  takeHomeAction,
  themeAction,
} from './actions.ts';
import { DEFENSES_PATH } from './pages.ts';
import classes from './TopBar.module.css';

export function TopBar() {
  const isBench = useLocation().pathname.endsWith(`/${DEFENSES_PATH}`);
  usePage((page) => page.theme); // the theme button shows which one is on
  return (
    <header className={classes.bar}>
      <span className={classes.name}>
        <img src="./icons/icon.svg" alt="" width={22} height={22} />
        Backdoor Lab
      </span>
      <nav className={classes.pages} aria-label="Pages">
        <PageLink to="/" name="Lab" current={!isBench} />
        <PageLink to={`/${DEFENSES_PATH}`} name="Defenses" current={isBench} />
      </nav>
      <div className={classes.tools}>
        <ActionButton action={editorAction} quiet />
        <ActionButton action={takeHomeAction} quiet />
        <ActionButton action={shareAction} quiet />
        <ActionButton action={themeAction} compact />
        <ActionButton action={helpAction} compact />
        <ActionButton action={aboutAction} compact />
        <Button
          variant="default"
          className={classes.palette}
          aria-keyshortcuts="Control+K"
          onClick={() => {
            takeAction(paletteAction);
          }}
        >
          Commands <Kbd ml="xs">Ctrl+K</Kbd>
        </Button>
      </div>
    </header>
  );
}

/** To another page; what the fragment holds, the experiment, goes along. */
function PageLink({ to, name, current }: { to: string; name: string; current: boolean }) {
  const navigate = useNavigate();
  return (
    <Link
      className={classes.page}
      to={to}
      {...(current && { 'aria-current': 'page' as const })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        void navigate({ pathname: to, hash: window.location.hash });
      }}
    >
      {name}
    </Link>
  );
}
