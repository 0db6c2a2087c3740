/**
 * The one door to Monaco: its workers, the YAML language and the experiment's schema. Loaded by a dynamic import
 * when the editor is opened, so that the first page stays small.
 */
import * as monaco from 'monaco-editor/editor/editor.api.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/yaml/register.js';
import { configureMonacoYaml } from 'monaco-yaml';
import YamlWorker from 'monaco-yaml/yaml.worker.js?worker';
import { jsonSchema } from '../../core/config/fields.ts';
import type { EditorProblem } from '../../core/config/yaml.ts';

/** Markers that monaco-yaml sets, and ours, are told apart by their owner. */
const YAML_OWNER = 'yaml';
const OWN_OWNER = 'experiment';
const DOCUMENT = monaco.Uri.parse('file:///experiment.yaml');

const makeWorker = (label: string): Worker => (label === 'yaml' ? new YamlWorker() : new EditorWorker());

self.MonacoEnvironment = { getWorker: (_moduleId, label) => makeWorker(label) };

/** How monaco-yaml asks for its worker: the form that Monaco took until version 0.52. */
interface OldWorkerOptions {
  label?: string;
  createData?: unknown;
}

/** Since 0.53 Monaco takes a worker that has been greeted and told its settings, not a label and settings. */
function createWebWorker(options: OldWorkerOptions) {
  const worker = makeWorker(options.label ?? '');
  worker.postMessage('ignore');
  worker.postMessage(options.createData);
  return monaco.editor.createWebWorker({ worker });
}

const language = configureMonacoYaml(
  { ...monaco, editor: { ...monaco.editor, createWebWorker } },
  {
    enableSchemaRequest: false,
    hover: true,
    completion: true,
    validate: true,
    format: { enable: true, printWidth: 110, singleQuote: true },
    schemas: [
      {
        uri: 'file:///experiment.schema.json',
        fileMatch: [DOCUMENT.toString()],
        schema: jsonSchema(),
      },
    ],
  },
);

let checking = true;

/** Each update starts the language's worker anew and loses what it was asked meanwhile, so none is made in vain. */
function checkAgainstSchema(check: boolean): void {
  if (check === checking) return;
  checking = check;
  void language.update({ validate: check });
}

export interface YamlEditor {
  text: () => string;
  setText: (text: string) => void;
  onTyped: (listener: (text: string) => void) => void;
  /** Shows our own problems; monaco-yaml's on the same lines give way, for ours say what to do. */
  mark: (problems: readonly EditorProblem[]) => void;
  /** Documents of Backdoors 101 have other keys than the schema. */
  checkAgainstSchema: (check: boolean) => void;
  setDark: (dark: boolean) => void;
  dispose: () => void;
}

/** A YAML editor in an element. Tab indents until Ctrl-M lets it move the focus, as Monaco's own help says. */
export function createYamlEditor(element: HTMLElement, text: string): YamlEditor {
  const model = monaco.editor.createModel(text, 'yaml', DOCUMENT);
  const editor = monaco.editor.create(element, {
    model,
    automaticLayout: true,
    ariaLabel: 'Experiment as YAML. Press Control M to let Tab move the focus, Escape to close.',
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    fontSize: 13,
    tabSize: 2,
    lineNumbersMinChars: 3,
    fixedOverflowWidgets: true,
    // The schema's keys alone: words of the document are no advice.
    wordBasedSuggestions: 'off',
    quickSuggestions: { strings: true, other: true, comments: false },
  });
  let ours: readonly EditorProblem[] = [];
  let showing = false;
  checkAgainstSchema(true);

  const giveWay = () => {
    const theirs = monaco.editor.getModelMarkers({ resource: model.uri, owner: YAML_OWNER });
    const kept = theirs.filter((marker) => !ours.some(({ line }) => line === marker.startLineNumber));
    if (kept.length < theirs.length) monaco.editor.setModelMarkers(model, YAML_OWNER, kept);
  };
  const onMarkers = monaco.editor.onDidChangeMarkers(giveWay);

  return {
    text: () => model.getValue(),
    setText: (next) => {
      if (next === model.getValue()) return;
      showing = true;
      // An edit rather than setValue: Ctrl-Z in the editor can take it back.
      editor.executeEdits('form', [{ range: model.getFullModelRange(), text: next }]);
      editor.pushUndoStop();
      showing = false;
    },
    onTyped: (listener) => {
      model.onDidChangeContent(() => {
        if (!showing) listener(model.getValue());
      });
    },
    mark: (problems) => {
      ours = problems;
      monaco.editor.setModelMarkers(
        model,
        OWN_OWNER,
        problems.map(({ line, column, endLine, endColumn, message, severity, code }) => ({
          startLineNumber: line,
          startColumn: column,
          endLineNumber: endLine,
          endColumn,
          message,
          code,
          source: 'Backdoor Lab',
          severity: severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
        })),
      );
      giveWay();
    },
    checkAgainstSchema,
    setDark: (dark) => {
      monaco.editor.setTheme(dark ? 'vs-dark' : 'vs');
    },
    dispose: () => {
      onMarkers.dispose();
      editor.dispose();
      model.dispose();
    },
  };
}
