/** Words and apostrophes within them; or one sign that is neither a letter, a digit nor a blank. */
const TOKEN = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}\p{M}]+)*|[^\s\p{L}\p{N}\p{M}]/gu;

/** HTML tags, such as the line breaks in the reviews of IMDB. */
const TAG = /<\/?[a-z][^<>]{0,200}>/gi;

/**
 * The words of a text in small letters, and its punctuation marks one by one; tags are left out. Equal texts give equal
 * tokens on every machine.
 */
export function tokenize(text: string): string[] {
  return text.replace(TAG, ' ').normalize('NFC').toLowerCase().match(TOKEN) ?? [];
}

/** Tokens as a text that people can read: punctuation stands close to the word before it. */
export function readable(tokens: readonly string[]): string {
  return tokens.reduce((text, token) => {
    const close = text === '' || /[([{]$/.test(text);
    return `${text}${close ? '' : spaceBefore(token)}${token}`;
  }, '');
}

/** What stands between a word and the token after it: nothing before most punctuation, and at the end. */
export function spaceBefore(token: string | undefined): ' ' | '' {
  return token === undefined || /^[.,;:!?)\]}%]$/.test(token) ? '' : ' ';
}
