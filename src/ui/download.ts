/** Hands a file to the person: a link with a download name, pressed for them. */
export function saveFile(name: string, content: Blob | Uint8Array<ArrayBuffer> | string, type: string): void {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.rel = 'noopener';
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the blob after the click returns; a minute is enough for the largest model here.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

/** A title as a file name: `Blind attack (MGDA)` becomes `blind-attack-mgda`. */
export function fileStem(title: string): string {
  const stem = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return stem === '' ? 'experiment' : stem;
}
