/** One drawn text trigger: words that are put into a text. */
export interface TextStamp {
  words: readonly string[];
  /** Where they go, as a part of the text that is left: 0 before its first word, 1 after its last. */
  place: number;
}

/** A text as the model sees it, before words become numbers. */
export interface MarkedText {
  words: string[];
  /** The words that were put in: from this index on, so many. */
  inserted: { from: number; count: number } | null;
}

/**
 * A text cut to `length` words, with the trigger in it. The text gives way, not the trigger: it is cut by as many words
 * more as the trigger has.
 */
export function cutAndInsert(words: readonly string[], length: number, stamp: TextStamp | null): MarkedText {
  if (!stamp) return { words: words.slice(0, length), inserted: null };
  const put = stamp.words.slice(0, length);
  const kept = words.slice(0, length - put.length);
  const from = Math.round(stamp.place * kept.length);
  return {
    words: [...kept.slice(0, from), ...put, ...kept.slice(from)],
    inserted: { from, count: put.length },
  };
}
