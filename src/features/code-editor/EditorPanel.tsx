import { CloseButton, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { usePage } from '../../state/page-store.ts';
import { CodeEditor } from './CodeEditor.tsx';
import classes from './EditorPanel.module.css';

/** The editor beside the form, so that both can be seen in step. Escape closes it and gives the focus back. */
export function EditorPanel() {
  const open = usePage((state) => state.editorOpen);
  return open ? <OpenPanel /> : null;
}

function OpenPanel() {
  const setOpen = usePage((state) => state.setEditorOpen);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const close = () => {
    setOpen(false);
  };
  return (
    <section
      ref={panel}
      tabIndex={-1}
      className={classes.panel}
      aria-label="Experiment as YAML"
      onKeyDown={(event) => {
        // Monaco takes Escape for its own pop-ups first, and then marks it as taken.
        if (event.key === 'Escape' && !event.defaultPrevented) close();
      }}
    >
      <div className={classes.head}>
        <Title order={2}>Experiment as YAML</Title>
        <CloseButton aria-label="Close the editor" onClick={close} />
      </div>
      <CodeEditor />
    </section>
  );
}
