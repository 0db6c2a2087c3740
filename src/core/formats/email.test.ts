import { describe, expect, it } from 'vitest';
import { emailText } from './email.ts';
import { htmlText } from './html-text.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const textOf = (lines: readonly string[]): string => emailText(bytes(lines.join('\n')));

describe('the text of an e-mail', () => {
  it('is its subject and body; other headers tell nothing of it', () => {
    const mail = [
      'From a@b Thu',
      'Received: from x',
      ' by y',
      'Subject: A long',
      '\tsubject',
      '',
      'Hello',
      '',
      'you.',
    ];
    expect(textOf(mail)).toBe('A long subject\nHello\n\nyou.');
    expect(emailText(bytes(mail.join('\r\n')))).toBe('A long subject\nHello\r\n\r\nyou.');
  });

  it('is decoded: base64, quoted-printable, charsets, words in the subject', () => {
    const quoted = [
      'Content-Type: text/plain; charset="iso-8859-1"',
      'Content-Transfer-Encoding: quoted-printable',
    ];
    expect(textOf([...quoted, '', 'Gr=FC=DFe =3D so=', 'ft'])).toBe('Grüße = soft');
    expect(textOf(['Content-Transfer-Encoding: base64', '', 'R3LD', 'vMOfZQ=='])).toBe('Grüße');
    expect(textOf(['Subject: =?utf-8?B?R3LDvA==?=', ' =?iso-8859-1?Q?=DFe_an?= you', '', 'x'])).toBe(
      'Grüße an you\nx',
    );
    expect(textOf(['Content-Type: text/plain; charset=nobody_knows', '', 'caf\xe9 \x93quoted\x94'])).toBe(
      'café “quoted”',
    );
  });

  it('prefers the plain part, takes HTML where there is no other, and leaves attachments out', () => {
    const part = (type: string, body: string, more: string[] = []): string[] => [
      '--b',
      `Content-Type: ${type}`,
      ...more,
      '',
      body,
    ];
    const mail = (...parts: string[][]): string[] => [
      'Content-Type: multipart/mixed; boundary="b"',
      '',
      'preamble',
      ...parts.flat(),
      '--b--',
      'end',
    ];
    const html = part('text/html', '<p>Rich</p>');
    expect(textOf(mail(part('text/plain', 'Plain'), html))).toBe('Plain');
    expect(textOf(mail(html, part('image/gif', 'GIF89a')))).toBe('Rich');
    expect(
      textOf(
        mail(part('text/plain', 'Said'), part('text/plain', 'file', ['Content-Disposition: attachment'])),
      ),
    ).toBe('Said');
    const inner = ['--b', 'Content-Type: multipart/alternative; boundary=c', '', '--c', '', 'Inner', '--c--'];
    expect(textOf(mail(inner))).toBe('Inner');
  });

  it.each([
    ['nothing', [], ''],
    ['no body', ['Subject: only'], 'only'],
    ['a boundary that never comes', ['Content-Type: multipart/mixed; boundary=z', '', 'x'], ''],
    ['base64 cut short', ['Content-Transfer-Encoding: base64', '', 'SGVsbG8h!S'], 'Hello!'],
  ])('of damaged mail is what can be read: %s', (_name, lines, text) => {
    expect(textOf(lines)).toBe(text);
  });

  it('of hostile mail takes no time: parts within parts, parts without end, marks never closed', () => {
    const nested =
      'Content-Type: multipart/mixed; boundary=a\n\n' +
      '--a\nContent-Type: multipart/mixed; boundary=a\n\n'.repeat(20_000);
    const many = `Content-Type: multipart/mixed; boundary=a\n\n${'--a\n\nx\n'.repeat(200_000)}`;
    const html = `Content-Type: text/html\n\n${'<!-- <script> <a '.repeat(100_000)}`;
    const before = process.cpuUsage();
    for (const mail of [nested, many, html]) emailText(bytes(mail));
    // Of the processor’s time: other work on the machine counts for nothing.
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
  });
});

describe('the text of HTML', () => {
  it('has no comments, scripts, styles or tags, and its entities resolved', () => {
    expect(htmlText('<p class="a">Via<!-- x -->gra &amp; co &lt;b&gt;&#8364;&#x41;</p>').trim()).toBe(
      'Viagra & co <b>€A',
    );
    expect(htmlText('a<script>if (1 < 2) {}</script >b<style>p{}</style>c').replace(/\s+/g, ' ')).toBe(
      'a b c',
    );
    expect(htmlText('1 < 2 & 3 > 2 &unknown; <')).toBe('1 < 2 & 3 > 2 &unknown; <');
    expect(htmlText('left <!-- open')).toBe('left <!-- open');
  });
});
