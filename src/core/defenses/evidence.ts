/**
 * What a defense shows for what it says. One documented union: charts draw it, workers carry it (typed arrays and plain
 * values alone). Evidence with an `id` that was shown before takes its place, so that partial evidence grows while it runs.
 */
export type Evidence =
  | TriggersEvidence
  | BarsEvidence
  | ScoresEvidence
  | RocEvidence
  | CurveEvidence
  | ScatterEvidence
  | OverlaysEvidence
  | NotesEvidence;

interface Titled {
  /** Unique within one run of a defense. */
  id: string;
  title: string;
}

/** Triggers that were found, one for each label that was searched. */
export interface TriggersEvidence extends Titled {
  kind: 'triggers';
  /** [height, width, channels] */
  shape: readonly [number, number, number];
  triggers: FoundTrigger[];
}

export interface FoundTrigger {
  label: number;
  /** [height, width], in [0, 1] */
  mask: Float32Array;
  /** [height, width, channels], pixels in [0, 1] */
  pattern: Float32Array;
  /** Sum of the mask. */
  norm: number;
  /** Share of the inputs that it brings to the label; null while unknown. */
  success: number | null;
}

/** One bar for each label, unit or the like, and a line that some of them pass. */
export interface BarsEvidence extends Titled {
  kind: 'bars';
  /** What a bar's length is, with its unit. */
  axis: string;
  bars: { name: string; value: number; flagged: boolean }[];
  threshold: number | null;
}

/** `mixed`: inputs that a guard judges, clean and triggered, before anybody tells which. */
export type Population = 'clean' | 'backdoor' | 'control' | 'mixed';

/** Scores of two or more populations, as histograms, with a threshold that a person may drag. */
export interface ScoresEvidence extends Titled {
  kind: 'scores';
  axis: string;
  populations: { name: string; population: Population; values: Float64Array }[];
  threshold: number | null;
  /** Which side of the threshold is flagged. */
  flagged: 'above' | 'below';
}

/** True over false positive rate, as the threshold falls. */
export interface RocEvidence extends Titled {
  kind: 'roc';
  /** From 0 to 1, as long as `truePositive`. */
  falsePositive: Float64Array;
  truePositive: Float64Array;
  area: number;
  /** Where the method's own threshold lies. */
  chosen: { falsePositive: number; truePositive: number } | null;
}

/** Lines over one axis: accuracy and attack success against pruned units, epochs and so on. */
export interface CurveEvidence extends Titled {
  kind: 'curve';
  x: { title: string; values: Float64Array };
  /** Each as long as `x.values`; NaN where nothing was measured. */
  lines: { name: string; population: Population | 'defended'; values: Float64Array }[];
  /** Index in `x.values` of what the method chose; null while it goes on. */
  chosen: number | null;
}

/** Points in the plane: latents by their first two components, clusters. */
export interface ScatterEvidence extends Titled {
  kind: 'scatter';
  axes: readonly [string, string];
  /** [count, 2] */
  points: Float32Array;
  /** [count], indices into `groups`: class or cluster. */
  group: Uint16Array;
  groups: string[];
  /** [count], 1 where the method flags it. */
  flagged: Uint8Array;
  /** [count], 1 where it is poisoned in truth; null where nobody knows. The frame fills it in. */
  poisoned: Uint8Array | null;
  /**
   * [count], which training example or input a point is: its place in `context.training` or `context.inputs`; NO_INDEX for
   * what is neither.
   */
  index: Uint32Array;
  /** A boundary between the points, [places, 2] one after another. */
  line?: { name: string; points: Float32Array };
}

/** In `index`, of a point that shows something of the defender's own. */
export const NO_INDEX = 0xffffffff;

/** Images with a map of what the network looked at, or with a mask. */
export interface OverlaysEvidence extends Titled {
  kind: 'overlays';
  /** [height, width, channels] */
  shape: readonly [number, number, number];
  images: {
    caption: string;
    /** [height, width, channels], 0 to 255 */
    pixels: Uint8Array;
    /** [height, width], in [0, 1]; null for a picture alone. */
    heat: Float32Array | null;
    /** [height, width], 1 inside; null where no region was cut. */
    region: Uint8Array | null;
  }[];
}

/** Plain sentences. */
export interface NotesEvidence extends Titled {
  kind: 'notes';
  lines: string[];
}
