interface Ended {
  code: number;
  output: string;
}

/** What the search asks of the machine. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  isLinux: boolean;
  isRoot: boolean;
  isDebian: boolean;
  run: (command: string, args: string[]) => Promise<Ended>;
  runNode: (args: string[]) => Promise<Ended>;
  playwrightPath: () => Promise<string>;
  say: (line: string) => void;
}

/** The path of a Chromium that starts; installs one when there is none. */
export function chromium(machine?: Machine): Promise<string>;
