import { Modal } from '@mantine/core';
import { EditorPanel } from '../features/code-editor/EditorPanel.tsx';
import { BringData } from '../features/experiment/BringData.tsx';
import { TakeHome } from '../features/take-home/TakeHome.tsx';
import { usePage, type DialogName } from '../state/page-store.ts';
import { About } from './About.tsx';
import { ShortcutHelp } from './ShortcutHelp.tsx';

const TITLES: Record<DialogName, string> = {
  help: 'Keyboard shortcuts',
  about: 'About the lab',
  'take-home': 'Take home and bring in',
  'bring-data': 'Bring your data',
};

/** The page's dialogs: one at a time. */
export function Dialogs() {
  const dialog = usePage((state) => state.dialog);
  const close = usePage((state) => state.close);
  return (
    <>
      <EditorPanel />
      <Modal.Root
        opened={dialog !== null}
        onClose={close}
        size={dialog === 'take-home' ? 'xl' : 'lg'}
        transitionProps={{ duration: 120 }}
      >
        <Modal.Overlay />
        <Modal.Content>
          {/* A header element here would count as a second banner of the page. */}
          <Modal.Header role="presentation">
            <Modal.Title fz="h2" fw={600}>
              {dialog === null ? '' : TITLES[dialog]}
            </Modal.Title>
            <Modal.CloseButton aria-label="Close" />
          </Modal.Header>
          <Modal.Body>
            {dialog === 'help' && <ShortcutHelp />}
            {dialog === 'about' && <About />}
            {dialog === 'take-home' && <TakeHome />}
            {dialog === 'bring-data' && <BringData onDone={close} />}
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}
