/**
 * What a person reads of an e-mail (RFC 5322) with MIME parts (RFC 2045 to 2047): its subject and its text. Other headers
 * are left out: they tell who sorted the mail, so a model that reads them learns the collection, not spam.
 */
import { htmlText } from './html-text.ts';

/** Parts within parts; real mail has three or four. */
const MAX_DEPTH = 8;
const MAX_PARTS = 200;

interface Part {
  headers: ReadonlyMap<string, string>;
  /** A sign for each byte. */
  body: string;
}

/**
 * The subject, a line, and the text of an e-mail: its plain parts, or where it has none what a person reads of its HTML.
 * Attachments are left out. Damaged mail gives what can be read of it, never an error.
 */
export function emailText(bytes: Uint8Array): string {
  const mail = partOf(signsOf(bytes));
  const found = { plain: [] as string[], html: [] as string[], parts: 0 };
  collect(mail, found, 0);
  const body = found.plain.some((text) => text.trim() !== '') ? found.plain : found.html;
  return [subjectOf(mail.headers.get('subject') ?? ''), ...body].join('\n').trim();
}

function collect(part: Part, found: { plain: string[]; html: string[]; parts: number }, depth: number): void {
  if (++found.parts > MAX_PARTS || depth > MAX_DEPTH) return;
  const type = part.headers.get('content-type')?.toLowerCase() ?? 'text/plain';
  if (type.startsWith('multipart/')) {
    for (const inner of partsOf(part)) collect(inner, found, depth + 1);
  } else if (type.startsWith('message/rfc822')) {
    collect(partOf(part.body.trimStart()), found, depth + 1);
  } else if (!part.headers.get('content-disposition')?.toLowerCase().startsWith('attachment')) {
    if (type.startsWith('text/html')) found.html.push(htmlText(decoded(part)));
    // Old mail calls its type just "text", or leaves it empty.
    else if (/^(text|$)/.test(type.trim())) found.plain.push(decoded(part));
  }
}

/** Headers up to the first empty line, their continued lines joined; the first of a name counts. */
function partOf(raw: string): Part {
  const bare = /^\r?\n/.exec(raw);
  if (bare) return { headers: new Map(), body: raw.slice(bare[0].length) };
  const gap = /\r?\n\r?\n/.exec(raw);
  const head = gap ? raw.slice(0, gap.index) : raw;
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: gap ? raw.slice(gap.index + gap[0].length) : '' };
}

/** The parts between the lines that the boundary marks; what stands before the first and after the last is left out. */
function partsOf({ headers, body }: Part): Part[] {
  const type = headers.get('content-type') ?? '';
  const mark = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(type);
  const boundary = mark?.[1] ?? mark?.[2];
  if (boundary === undefined) return [{ headers: new Map(), body }];
  const pieces = `\n${body}`.split(`\n--${boundary}`);
  const last = pieces.findIndex((piece, at) => at > 0 && piece.startsWith('--'));
  const end = Math.min(1 + MAX_PARTS, last < 0 ? pieces.length : last);
  return pieces.slice(1, end).map((piece) => partOf(piece.replace(/^[^\n]*\n/, '')));
}

function decoded({ headers, body }: Part): string {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? '';
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(headers.get('content-type') ?? '')?.[1];
  if (encoding.includes('base64')) return inCharset(fromBase64(body), charset);
  if (encoding.includes('quoted-printable')) {
    return inCharset(fromQuoted(body.replace(/=[ \t]*\r?\n/g, '')), charset);
  }
  return inCharset(body, charset);
}

/** Words such as `=?iso-8859-1?Q?Gr=FC=DFe?=` as what they mean. */
function subjectOf(header: string): string {
  // Between two such words blanks mean nothing.
  return inCharset(header.replace(/\?=\s{1,100}=\?/g, '?==?')).replace(
    /=\?([\w-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?\s]{0,2000})\?=/gi,
    (_whole, charset: string, way: string, word: string) =>
      inCharset(
        way.toLowerCase() === 'b' ? fromBase64(word) : fromQuoted(word.replaceAll('_', ' ')),
        charset,
      ),
  );
}

function fromQuoted(text: string): string {
  return text.replace(/=([0-9a-f]{2})/gi, (_whole, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** Whole groups of four signs; what is cut short ends before. */
function fromBase64(text: string): string {
  const signs = text.replace(/[^A-Za-z0-9+/]/g, '');
  const whole = signs.length % 4 === 1 ? signs.slice(0, -1) : signs;
  return atob(whole);
}

/** A sign for each byte; no decoder gives these, for "latin1" is Windows-1252 to all of them. */
function signsOf(bytes: Uint8Array): string {
  let signs = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    signs += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return signs;
}

/** Bytes 0x80 to 0x9f of Windows-1252. Node decodes them otherwise than browsers do. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Signs that stand for bytes, as text. Without a charset UTF-8 where it is that, else Windows-1252, as old mail has it. */
function inCharset(signs: string, charset?: string): string {
  const decoder = charset === undefined ? null : decoderOf(charset);
  const bytes = (): Uint8Array<ArrayBuffer> => Uint8Array.from(signs, (sign) => sign.charCodeAt(0));
  // By the standard of the web this is what Latin-1 and ASCII mean too.
  if (decoder && decoder.encoding !== 'windows-1252') return decoder.decode(bytes());
  try {
    if (!decoder) return new TextDecoder('utf-8', { fatal: true }).decode(bytes());
  } catch {
    // Not UTF-8.
  }
  return signs.replace(/[\x80-\x9f]/g, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign);
}

function decoderOf(charset: string): TextDecoder | null {
  try {
    return new TextDecoder(charset);
  } catch {
    // "DEFAULT_CHARSET" and other names that nobody knows.
    return null;
  }
}
