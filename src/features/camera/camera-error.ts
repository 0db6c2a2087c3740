import { LabError, type LabErrorData } from '../../core/errors.ts';
import { messageOf } from '../../core/error-words.ts';

type Words = Pick<LabErrorData, 'what' | 'why' | 'fix'>;

const MISSING: Words = {
  what: 'There is no camera.',
  why: 'The browser found none on this machine.',
  fix: 'Plug one in and start it again, or choose a photo.',
};

/** By the names of the exceptions of `getUserMedia` (W3C, Media Capture and Streams, section 10.2). */
const WORDS: Readonly<Record<string, Words>> = {
  NotAllowedError: {
    what: 'The camera may not be used.',
    why: 'Permission was refused: by you, by a setting of the browser, or by the system.',
    fix: 'Allow the camera beside the address of this page and start it again, or choose a photo.',
  },
  NotFoundError: MISSING,
  OverconstrainedError: MISSING,
  NotReadableError: {
    what: 'The camera gives no picture.',
    why: 'Most likely another program is using it.',
    fix: 'Close that program and start the camera again, or choose a photo.',
  },
};

/** E-CAMERA for what `getUserMedia` was refused with. */
export function cameraError(thrown: unknown): LabError {
  const name = thrown instanceof Error ? thrown.name : '';
  const words = WORDS[name] ?? {
    what: 'The camera cannot be used.',
    why: messageOf(thrown),
    fix: 'Start it again, or choose a photo.',
  };
  return new LabError({ code: 'E-CAMERA', ...words }, { cause: thrown });
}

/** E-CAMERA where the browser offers no camera at all. */
export function noCameraHere(): LabError {
  return new LabError({
    code: 'E-CAMERA',
    what: 'This page gets no camera.',
    why: 'Browsers give it to pages of localhost and of https addresses alone.',
    fix: 'Open the lab at localhost, or choose a photo.',
  });
}

/** E-CAMERA for a camera that was there and is gone. */
export function cameraGone(): LabError {
  return new LabError({
    code: 'E-CAMERA',
    what: 'The camera has gone.',
    why: 'It was unplugged, or its permission was taken back.',
    fix: 'Start it again, or choose a photo.',
  });
}
