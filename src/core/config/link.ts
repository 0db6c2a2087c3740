import { deflateSync, Inflate } from 'fflate';
import { LabError, type LabErrorData } from '../errors.ts';
import { configDelta, mergeDelta } from './delta.ts';
import { problemData } from './problem.ts';
import { repairConfig } from './repair.ts';
import { defaultConfig, type ExperimentConfig } from './schema.ts';
import { isRecord } from './walk.ts';

/** The format of links: `v1.` and base64url of deflate of JSON of the difference from the defaults. */
const LINK_VERSION = 'v1';
/** Browsers take fragments of about this many characters. */
const MAX_LINK_CHARACTERS = 2 ** 20;
const MAX_INFLATED_BYTES = 2 ** 20;

/** An experiment as text for the fragment of an address, without the `#`. */
export function configToLink(config: ExperimentConfig): string {
  const json = JSON.stringify(configDelta(config));
  return `${LINK_VERSION}.${toBase64Url(deflateSync(new TextEncoder().encode(json), { level: 9 }))}`;
}

/**
 * The experiment in a link. Values out of range are clamped, unknown keys are left out, and both are told as warnings.
 * @param fragment With or without the leading `#`.
 * @throws LabError E-LINK for another version of links, a truncated or damaged link, or one that inflates past 1 MB.
 */
export function configFromLink(fragment: string): { config: ExperimentConfig; warnings: LabErrorData[] } {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  const [, version, payload] = /^(v\d+)\.(.*)$/s.exec(text) ?? [];
  if (version === undefined || payload === undefined)
    throw linkError('The link holds no experiment.', `A link of the lab starts with ${LINK_VERSION}.`);
  if (version !== LINK_VERSION)
    throw linkError(
      `The link has the format ${version}.`,
      `This lab reads ${LINK_VERSION}; the link comes from a newer one.`,
      'Reload the page to get the newest lab, or ask for the experiment as YAML.',
    );
  if (payload.length > MAX_LINK_CHARACTERS) throw tooLarge();
  const delta = parseJson(inflate(fromBase64Url(payload)));
  try {
    const { config, warnings } = repairConfig(mergeDelta(defaultConfig, delta));
    return { config, warnings: warnings.map(problemData) };
  } catch (thrown) {
    if (thrown instanceof RangeError) throw damaged('Its content nests too deep.');
    throw thrown;
  }
}

function linkError(
  what: string,
  why: string,
  fix = 'Copy the whole link again, or ask for the experiment as YAML.',
) {
  return new LabError({ code: 'E-LINK', what, why, fix });
}

const damaged = (why: string): LabError => linkError('The link is damaged.', why);
const tooLarge = (): LabError =>
  linkError('The link is too large.', `What it holds is larger than ${MAX_INFLATED_BYTES / 2 ** 20} MB.`);

/** Inflates in pieces, so that a small text that holds gigabytes is stopped at the limit. */
function inflate(compressed: Uint8Array): string {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let final = false;
  const stream = new Inflate((piece, last) => {
    size += piece.length;
    if (size > MAX_INFLATED_BYTES) throw tooLarge();
    pieces.push(piece.slice());
    final = last;
  });
  try {
    for (let start = 0; start < compressed.length; start += 1024)
      stream.push(compressed.subarray(start, start + 1024), start + 1024 >= compressed.length);
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    throw damaged('Its content cannot be unpacked; a part may be missing.');
  }
  if (!final) throw damaged('Its content cannot be unpacked; a part may be missing.');
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw damaged('Its content is not text.');
  }
}

function parseJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged('Its content is not JSON; a part may be missing.');
  }
  if (!isRecord(value)) throw damaged('Its content is not an experiment.');
  return value;
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw damaged('It has signs that no link has.');
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    throw damaged('Its length is not that of a whole link.');
  }
}
