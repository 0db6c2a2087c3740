/**
 * Keeps the form's draft and the editor's text in step, both ways, without either overwriting what a person
 * has just written: valid text changes the draft; a changed draft rewrites the text, unless the text has mistakes,
 * for then the text stays and the status says so.
 */
import type { ExperimentConfig } from '../../core/config/schema.ts';

/** `in-step`: text and form say the same. `invalid`: the text has mistakes. `apart`: it has, and the form moved on. */
export type SyncStatus = 'in-step' | 'invalid' | 'apart';

export interface SyncPorts {
  /** The config a text stands for; null when it has mistakes (which the port shows). */
  read: (text: string) => ExperimentConfig | null;
  write: (config: ExperimentConfig) => string;
  /** Takes the text's config into the draft. */
  apply: (config: ExperimentConfig) => void;
  /** Replaces the text in the editor. */
  show: (text: string) => void;
  status: (status: SyncStatus) => void;
}

export class EditorSync {
  readonly #ports: SyncPorts;
  #draft: ExperimentConfig;
  /** The draft when text and form last said the same. */
  #agreed: ExperimentConfig;
  #status: SyncStatus = 'in-step';

  constructor(ports: SyncPorts, draft: ExperimentConfig) {
    this.#ports = ports;
    this.#draft = draft;
    this.#agreed = draft;
  }

  /** The draft that the text was last in step with; null while it is in step. */
  get behind(): ExperimentConfig | null {
    return this.#status === 'in-step' ? null : this.#agreed;
  }

  /** Call when the person has paused typing. */
  textChanged(text: string): void {
    const config = this.#ports.read(text);
    if (config === null) {
      if (this.#status === 'in-step') this.#to('invalid');
      return;
    }
    const changed = !same(config, this.#draft);
    this.#draft = config;
    this.#agreed = config;
    this.#to('in-step');
    if (changed) this.#ports.apply(config);
  }

  /** Call when the draft changed, from wherever; its own changes coming back are known and ignored. */
  draftChanged(draft: ExperimentConfig): void {
    if (same(draft, this.#draft)) return;
    this.#draft = draft;
    if (this.#status === 'in-step') {
      this.#agreed = draft;
      this.#ports.show(this.#ports.write(draft));
    } else this.#to('apart');
  }

  /** Gives up the text with its mistakes and shows the form's experiment. */
  takeForm(): void {
    this.#agreed = this.#draft;
    this.#to('in-step');
    this.#ports.show(this.#ports.write(this.#draft));
  }

  #to(status: SyncStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#ports.status(status);
  }
}

const same = (left: ExperimentConfig, right: ExperimentConfig) =>
  left === right || JSON.stringify(left) === JSON.stringify(right);
