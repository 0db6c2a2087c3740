import { describe, expect, it } from 'vitest';
import { limitZoom, MAX_ZOOM } from './zoom.ts';

describe('limitZoom', () => {
  it('stays between the whole image and the largest zoom, and snaps to the whole image', () => {
    expect([0.2, 1.04, 1.3, 3, 99].map(limitZoom)).toEqual([1, 1, 1.3, 3, MAX_ZOOM]);
  });
});
