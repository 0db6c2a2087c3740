import { Button, Kbd } from '@mantine/core';
import { ActionButton } from '../features/experiment/ActionButton.tsx';
import { takeAction } from '../features/experiment/use-action.ts';
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
import classes from './TopBar.module.css';

export function TopBar() {
  usePage((page) => page.theme); // the theme button shows which one is on
  return (
    <header className={classes.bar}>
      <span className={classes.name}>
        <img src="./icons/icon.svg" alt="" width={22} height={22} />
        Backdoor Lab
      </span>
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
