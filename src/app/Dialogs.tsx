import { Modal } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { EditorPanel } from '../features/code-editor/EditorPanel.tsx';
import { BringData } from '../features/experiment/BringData.tsx';
import { PoisonedSetPanel } from '../features/poisoned-set/PoisonedSetPanel.tsx';
import { TakeHome } from '../features/take-home/TakeHome.tsx';
import { usePage, type DialogName } from '../state/page-store.ts';
import { About } from './About.tsx';
import { ShortcutHelp } from './ShortcutHelp.tsx';

const TITLES: Record<DialogName, string> = {
  help: 'Keyboard shortcuts',
  about: 'About the lab',
  'take-home': 'Take home and bring in',
  'bring-data': 'Bring your data',
  'poisoned-set': 'Poisoned training set',
  'live-test': 'Try it live',
  'cut-object': 'Cut an object out of a photo',
  'pick-images': 'Pick images with a feature',
};

const WIDE: ReadonlySet<DialogName> = new Set([
  'take-home',
  'poisoned-set',
  'live-test',
  'cut-object',
  'pick-images',
]);

/** What few open comes when it is opened. */
const LiveTestPanel = lazy(async () => {
  const { LiveTestPanel: Panel } = await import('../features/live-test/LiveTestPanel.tsx');
  return { default: Panel };
});
const CutObject = lazy(async () => {
  const { CutObject: Panel } = await import('../features/cut-object/CutObject.tsx');
  return { default: Panel };
});
const PickImages = lazy(async () => {
  const { PickImages: Panel } = await import('../features/pick-images/PickImages.tsx');
  return { default: Panel };
});

/** The page's dialogs: one at a time. */
export function Dialogs() {
  const dialog = usePage((state) => state.dialog);
  const close = usePage((state) => state.close);
  // While a dialog fades out the page has none any more; what it shows stays until it is out of sight.
  const [shown, setShown] = useState(dialog);
  if (dialog !== null && dialog !== shown) setShown(dialog);
  return (
    <>
      <EditorPanel />
      <Modal.Root
        opened={dialog !== null}
        onClose={close}
        size={shown !== null && WIDE.has(shown) ? 'xl' : 'lg'}
        transitionProps={{ duration: 120 }}
        onExitTransitionEnd={() => {
          setShown(usePage.getState().dialog);
        }}
      >
        <Modal.Overlay />
        <Modal.Content>
          {/* A header element here would count as a second banner of the page. */}
          <Modal.Header role="presentation">
            <Modal.Title fz="h2" fw={600}>
              {shown === null ? '' : TITLES[shown]}
            </Modal.Title>
            <Modal.CloseButton aria-label="Close" />
          </Modal.Header>
          <Modal.Body>
            {shown === 'help' && <ShortcutHelp />}
            {shown === 'about' && <About />}
            {shown === 'take-home' && <TakeHome />}
            {shown === 'bring-data' && <BringData onDone={close} />}
            {shown === 'poisoned-set' && <PoisonedSetPanel />}
            <Suspense fallback={null}>
              {shown === 'live-test' && <LiveTestPanel />}
              {shown === 'cut-object' && <CutObject onDone={close} />}
              {shown === 'pick-images' && <PickImages onDone={close} />}
            </Suspense>
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}
