/**
 * The first key that stands twice in one object of a JSON text, or null. JSON.parse silently keeps the last one.
 * @param text valid JSON
 */
export function duplicateKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let key: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const from = at;
      for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
      key = JSON.parse(text.slice(from, at + 1)) as string;
    } else if (character === ':' && key !== null) {
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
      key = null;
    }
  }
  return null;
}
