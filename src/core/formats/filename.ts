/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

const MAX_STEM = 100;

/**
 * A file name that every system takes, from any text: no separators, control or reserved characters, no leading dot.
 * @param stem such as the title of a run
 * @param extension without the dot; may have one inside (`tar.gz`)
 */
export function safeFileName(stem: string, extension: string): string {
  const plain = stem
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/[<>:"/\\|?*]+/g, '-')
    .trim()
    .replace(/ /g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[.-]+/, '');
  const short = [...plain]
    .slice(0, MAX_STEM)
    .join('')
    .replace(/[.-]+$/, '');
  const name = short === '' ? 'untitled' : RESERVED.test(short) ? `${short}-file` : short;
  return extension === '' ? name : `${name}.${extension}`;
}
