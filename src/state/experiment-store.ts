/**
 * The experiment as it stands in the form, the editor and the link: one validated config, with undo.
 * A refused value never enters the draft; it is kept in `problems` under its path until a good one replaces it.
 */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { safeParseConfig } from '../core/config/parse.ts';
import {
  defaultConfig,
  experimentSchema,
  type ExperimentConfig,
  type SynthesizerConfig,
} from '../core/config/schema.ts';
import { valueAt, withoutPath, withValueAt } from './config-path.ts';

const HISTORY_LENGTH = 200;
/** Changes of one field within this time count as one step of undo. */
const COALESCE_MILLISECONDS = 600;

interface Snapshot {
  draft: ExperimentConfig;
  presetId: string | null;
}

export interface ExperimentState {
  draft: ExperimentConfig;
  /** Preset that the draft was taken from; null once it came from a link, a file or the editor. */
  presetId: string | null;
  /** Why the last value given for a path was refused. */
  problems: Readonly<Record<string, string>>;
  past: readonly Snapshot[];
  future: readonly Snapshot[];
  /** Sets one value. A `kind` replaces its whole object by that kind's defaults. Returns false when refused. */
  setPath: (path: string, value: unknown) => boolean;
  /** Sets a path back to its default under the kinds now chosen. */
  resetPath: (path: string) => void;
  /** Drops the note on a refused value, when the field shows the draft again. */
  forgetProblem: (path: string) => void;
  setSynthesizer: (synthesizer: SynthesizerConfig) => boolean;
  /** Takes a whole config, as from a preset, a link, a file or the editor. One that changes nothing keeps its preset. */
  setConfig: (config: ExperimentConfig, presetId?: string | null) => void;
  undo: () => void;
  redo: () => void;
}

const sameConfig = (left: ExperimentConfig, right: ExperimentConfig) =>
  JSON.stringify(left) === JSON.stringify(right);

const snapshot = ({ draft, presetId }: Snapshot): Snapshot => ({ draft, presetId });

/** `attack.injection.kind` stands for the object `attack.injection`. */
function ownerOfKind(path: string): string | null {
  return path.endsWith('.kind') ? path.slice(0, -'.kind'.length) : null;
}

/** The default of a path under the kinds that the config chooses; undefined where the path does not exist. */
export function defaultAt(config: ExperimentConfig, path: string): unknown {
  const parsed = experimentSchema.safeParse(withoutPath(config, ownerOfKind(path) ?? path));
  return parsed.success ? valueAt(parsed.data, path) : undefined;
}

/** Why a config is refused, in a sentence that can stand under its field. */
function refusal(config: unknown): string {
  const result = safeParseConfig(config);
  const problem = result.ok ? undefined : result.problems[0];
  return problem === undefined ? 'This value cannot stand here.' : problem.why || problem.what;
}

/** Makes a store of its own, as tests do; the page uses `experimentStore`. */
export function createExperimentStore(initial: ExperimentConfig, now: () => number = Date.now) {
  let lastPath: string | null = null;
  let lastTime = -Infinity;

  return createStore<ExperimentState>()((set, get) => {
    const advance = (draft: ExperimentConfig, presetId: string | null, path: string | null) => {
      const state = get();
      if (sameConfig(draft, state.draft)) {
        set({ presetId });
        return;
      }
      const joins = path !== null && path === lastPath && now() - lastTime < COALESCE_MILLISECONDS;
      lastPath = path;
      lastTime = now();
      const past = joins ? state.past : [...state.past, snapshot(state)].slice(-HISTORY_LENGTH);
      set({ draft, presetId, past, future: [] });
    };

    return {
      draft: initial,
      presetId: null,
      problems: {},
      past: [],
      future: [],

      setPath: (path, value) => {
        const { draft, problems, presetId } = get();
        const owner = ownerOfKind(path);
        const changed =
          owner === null ? withValueAt(draft, path, value) : withValueAt(draft, owner, { kind: value });
        const parsed = experimentSchema.safeParse(changed);
        if (!parsed.success) {
          set({ problems: { ...problems, [path]: refusal(changed) } });
          return false;
        }
        get().forgetProblem(path);
        advance(parsed.data, presetId, path);
        return true;
      },

      resetPath: (path) => {
        const value = defaultAt(get().draft, path);
        if (value !== undefined) get().setPath(path, value);
      },

      forgetProblem: (path) => {
        const { problems } = get();
        if (!(path in problems)) return;
        set({ problems: Object.fromEntries(Object.entries(problems).filter(([at]) => at !== path)) });
      },

      setSynthesizer: (synthesizer) => get().setPath('attack.synthesizer', synthesizer),

      setConfig: (config, presetId) => {
        const state = get();
        set({ problems: {} });
        const kept = sameConfig(config, state.draft) ? state.presetId : null;
        advance(config, presetId ?? kept, null);
      },

      undo: () => {
        const { past, future } = get();
        const previous = past.at(-1);
        if (previous === undefined) return;
        lastPath = null;
        set({ ...previous, past: past.slice(0, -1), future: [snapshot(get()), ...future], problems: {} });
      },

      redo: () => {
        const { past, future } = get();
        const [next, ...rest] = future;
        if (next === undefined) return;
        lastPath = null;
        set({ ...next, past: [...past, snapshot(get())], future: rest, problems: {} });
      },
    };
  });
}

export type ExperimentStore = ReturnType<typeof createExperimentStore>;

export const experimentStore = createExperimentStore(defaultConfig);

export function useExperiment<T>(selector: (state: ExperimentState) => T): T {
  return useStore(experimentStore, selector);
}
