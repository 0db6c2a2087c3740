/** What was thrown, in words: the message of an error, or the value itself as text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * A text as one sentence with one end, whether it came with a full stop or without: messages of others do both. A
 * question or exclamation mark stays; nothing stays nothing.
 */
export function asSentence(text: string): string {
  const words = text.trim().replace(/[.:\s]+$/, '');
  return words === '' || /[!?…]$/.test(words) ? words : `${words}.`;
}
