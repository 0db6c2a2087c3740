/** Entities that mail and reviews use, and what they stand for. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  bull: '•',
  euro: '€',
  pound: '£',
};

/**
 * What a person reads of HTML: without comments, scripts, styles and tags, with the commonest entities resolved. Comments
 * leave nothing, since spam cuts words in two by them; tags leave a space. What is never closed is left as it is. Time
 * grows with the length alone.
 */
export function htmlText(html: string): string {
  let text = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    text += html.slice(at, open);
    const [end, leaves] = passOver(html, open);
    if (end < 0) {
      // No other is closed either, of this kind; as text it harms nobody.
      text += html.slice(open);
      return resolved(text);
    }
    text += leaves;
    at = end;
  }
  return resolved(text + html.slice(at));
}

/** Where the tag, comment or element at `open` ends, -1 for nowhere, and what stands in its place. */
function passOver(html: string, open: number): [end: number, leaves: string] {
  if (html.startsWith('<!--', open)) return [after(html, '-->', open + 4), ''];
  const name = /^<\/?([a-z!][a-z0-9]{0,20})/i.exec(html.slice(open, open + 24))?.[1]?.toLowerCase();
  if (name === undefined) return [open + 1, '<'];
  const end = after(html, '>', open);
  if (end < 0 || (name !== 'script' && name !== 'style') || html[open + 1] === '/') return [end, ' '];
  const close = new RegExp(`</${name}[^>]{0,100}>`, 'gi');
  close.lastIndex = end;
  return [close.exec(html) ? close.lastIndex : html.length, ' '];
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

function resolved(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  });
}
