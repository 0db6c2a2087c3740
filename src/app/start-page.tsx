import './zod-setup.ts';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import '../ui/theme/global.css';
import { startTransition, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { openLab } from './open-lab.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');
const page = createRoot(root);

/** Finds the draft and draws the page. As a transition React gives way in between, so that images are not kept waiting. */
export function startPage(): void {
  openLab();
  startTransition(() => {
    page.render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
  });
}
