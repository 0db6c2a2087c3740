import { useEffect, useRef, useState, type RefObject } from 'react';
import type { LabErrorData } from '../../core/errors.ts';
import { configFromYaml, yamlProblems } from '../../core/config/yaml.ts';
import { configToYaml } from '../../core/config/yaml-write.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { experimentStore } from '../../state/experiment-store.ts';
import { usePage } from '../../state/page-store.ts';
import { EditorSync, type SyncStatus } from './editor-sync.ts';
import type { YamlEditor } from './monaco.ts';

const TYPING_PAUSE_MILLISECONDS = 300;

export interface YamlEditorState {
  ready: boolean;
  /** Why Monaco could not be loaded. */
  failed: unknown;
  status: SyncStatus;
  /** What a Backdoors 101 document asks that is not honoured. */
  warnings: LabErrorData[];
  takeForm: () => void;
  setText: (text: string) => void;
}

/** The whole experiment, defaults included, so that everything that can be changed is in sight. */
export const asYaml = (config: ExperimentConfig): string => configToYaml(config, { complete: true });

/** Loads Monaco into an element and keeps its text and the draft in step. */
export function useYamlEditor(host: RefObject<HTMLDivElement | null>, dark: boolean): YamlEditorState {
  const [ready, setReady] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [status, setStatus] = useState<SyncStatus>('in-step');
  const [warnings, setWarnings] = useState<LabErrorData[]>([]);
  const editor = useRef<YamlEditor | null>(null);
  const sync = useRef<EditorSync | null>(null);

  useEffect(() => {
    const ending = new AbortController();
    const open = async () => {
      const { createYamlEditor } = await import('./monaco.ts');
      const element = host.current;
      if (ending.signal.aborted || element === null) return;
      const draftNow = experimentStore.getState().draft;
      const unsaved = usePage.getState().unsavedText;
      const opened = createYamlEditor(element, unsaved?.text ?? asYaml(draftNow));
      const pair = new EditorSync(
        {
          read: (text) => {
            const problems = yamlProblems(text);
            opened.mark(problems);
            if (problems.some(({ severity }) => severity === 'error')) return null;
            const { config, warnings: notes, source } = configFromYaml(text);
            opened.checkAgainstSchema(source === 'lab');
            setWarnings(notes);
            return config;
          },
          write: asYaml,
          apply: (config) => {
            experimentStore.getState().setConfig(config, experimentStore.getState().presetId);
          },
          show: (text) => {
            opened.setText(text);
            opened.mark([]);
            opened.checkAgainstSchema(true);
            setWarnings([]);
          },
          status: setStatus,
        },
        unsaved?.draft ?? draftNow,
      );
      if (unsaved !== null) {
        // As it was when the editor was closed; then the form may have moved on.
        pair.textChanged(unsaved.text);
        pair.draftChanged(draftNow);
      }
      let pause: ReturnType<typeof setTimeout> | undefined;
      opened.onTyped((text) => {
        clearTimeout(pause);
        pause = setTimeout(() => {
          pause = undefined;
          pair.textChanged(text);
        }, TYPING_PAUSE_MILLISECONDS);
      });
      const unsubscribe = experimentStore.subscribe(({ draft }, before) => {
        // Told of other changes with the old draft, the pair would write it over what was just typed.
        if (draft !== before.draft) pair.draftChanged(draft);
      });
      ending.signal.addEventListener('abort', () => {
        clearTimeout(pause);
        // What was typed last has not been read yet.
        if (pause !== undefined) pair.textChanged(opened.text());
        const draft = pair.behind;
        usePage.getState().keepText(draft === null ? null : { text: opened.text(), draft });
        unsubscribe();
        opened.dispose();
        editor.current = null;
      });
      editor.current = opened;
      sync.current = pair;
      setReady(true);
    };
    open().catch(setFailed);
    return () => {
      ending.abort();
    };
  }, [host]);

  useEffect(() => {
    if (ready) editor.current?.setDark(dark);
  }, [dark, ready]);

  return {
    ready,
    failed,
    status,
    warnings,
    takeForm: () => sync.current?.takeForm(),
    setText: (text) => {
      editor.current?.setText(text);
      sync.current?.textChanged(text);
    },
  };
}
