import { useCallback, useEffect, useRef, useState } from 'react';
import { squarePicture } from '../camera/square-pixels.ts';
import type { CapturedClass, Shot } from './captured.ts';

export interface Captured {
  classes: readonly CapturedClass[];
  add: () => void;
  remove: (id: number) => void;
  rename: (id: number, name: string) => void;
  /** Takes the middle square of what the video shows now. */
  shoot: (id: number, video: HTMLVideoElement, side: number) => void;
  removeShot: (id: number, shot: number) => void;
}

/** Classes and their shots; their pictures are freed with the component that holds them. */
export function useCaptured(): Captured {
  const lastId = useRef(2);
  const [classes, setClasses] = useState<readonly CapturedClass[]>([
    { id: 1, name: 'Class 1', shots: [] },
    { id: 2, name: 'Class 2', shots: [] },
  ]);
  const urls = useRef(new Set<string>());
  useEffect(() => {
    const held = urls.current;
    return () => held.forEach((url) => URL.revokeObjectURL(url));
  }, []);
  const free = useCallback((shots: readonly Shot[]) => {
    for (const { url } of shots) {
      URL.revokeObjectURL(url);
      urls.current.delete(url);
    }
  }, []);
  const change = useCallback((id: number, to: (one: CapturedClass) => CapturedClass) => {
    setClasses((all) => all.map((one) => (one.id === id ? to(one) : one)));
  }, []);
  return {
    classes,
    add: () => {
      const id = ++lastId.current;
      setClasses((all) => [...all, { id, name: `Class ${all.length + 1}`, shots: [] }]);
    },
    remove: (id) => {
      free(classes.find((one) => one.id === id)?.shots ?? []);
      setClasses((all) => all.filter((one) => one.id !== id));
    },
    rename: (id, name) => change(id, (one) => ({ ...one, name })),
    shoot: (id, video, side) => {
      const picture = squarePicture(video, side);
      if (!picture) return;
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      canvas.getContext('2d')?.putImageData(picture, 0, 0);
      const shot = ++lastId.current;
      void canvas.convertToBlob({ type: 'image/png' }).then((blob) => {
        const url = URL.createObjectURL(blob);
        urls.current.add(url);
        change(id, (one) => ({ ...one, shots: [...one.shots, { id: shot, blob, url }] }));
      });
    },
    removeShot: (id, shot) => {
      free(classes.find((one) => one.id === id)?.shots.filter((one) => one.id === shot) ?? []);
      change(id, (one) => ({ ...one, shots: one.shots.filter((other) => other.id !== shot) }));
    },
  };
}
