import { useCallback, useEffect, useRef, useState } from 'react';
import type { LabErrorData } from '../../core/errors.ts';
import { cameraError, cameraGone, noCameraHere } from './camera-error.ts';

export type CameraState =
  | { kind: 'off' }
  | { kind: 'starting' }
  | { kind: 'on'; stream: MediaStream }
  | { kind: 'failed'; error: LabErrorData };

export interface Camera {
  state: CameraState;
  start: () => void;
  stop: () => void;
}

const WISH: MediaStreamConstraints = {
  audio: false,
  video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: { ideal: 'environment' } },
};

/** A camera that is off until it is started, and off again when what uses it is closed. */
export function useCamera(): Camera {
  const [state, setState] = useState<CameraState>({ kind: 'off' });
  // Counts starts and stops: a stream that comes late, to nobody, is stopped at once.
  const turn = useRef(0);
  const stream = useRef<MediaStream | null>(null);
  const release = useCallback(() => {
    turn.current++;
    stream.current?.getTracks().forEach((track) => track.stop());
    stream.current = null;
  }, []);
  useEffect(() => release, [release]);

  const start = useCallback(() => {
    release();
    const mine = turn.current;
    // Missing on pages that are not secure, whatever the types say.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) {
      setState({ kind: 'failed', error: noCameraHere().toData() });
      return;
    }
    setState({ kind: 'starting' });
    devices.getUserMedia(WISH).then(
      (found) => {
        if (turn.current !== mine) {
          found.getTracks().forEach((track) => track.stop());
          return;
        }
        stream.current = found;
        for (const track of found.getTracks()) {
          track.addEventListener('ended', () => {
            if (turn.current !== mine) return;
            release();
            setState({ kind: 'failed', error: cameraGone().toData() });
          });
        }
        setState({ kind: 'on', stream: found });
      },
      (thrown: unknown) => {
        if (turn.current === mine) setState({ kind: 'failed', error: cameraError(thrown).toData() });
      },
    );
  }, [release]);

  const stop = useCallback(() => {
    release();
    setState({ kind: 'off' });
  }, [release]);

  return { state, start, stop };
}
