import { hex, unshared } from '../formats/bytes.ts';

/** SHA-256 in hexadecimal, or null where the platform offers none (a page that is not served securely). */
export async function sha256(bytes: Uint8Array): Promise<string | null> {
  const { subtle } = globalThis.crypto as { subtle?: SubtleCrypto };
  if (subtle === undefined) return null;
  return hex(new Uint8Array(await subtle.digest('SHA-256', unshared(bytes))));
}
