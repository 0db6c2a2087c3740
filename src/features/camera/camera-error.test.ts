import { expect, it } from 'vitest';
import { cameraError, cameraGone, noCameraHere } from './camera-error.ts';

it.each([
  ['NotAllowedError', 'The camera may not be used.', /beside the address/],
  ['NotFoundError', 'There is no camera.', /choose a photo/],
  ['OverconstrainedError', 'There is no camera.', /choose a photo/],
  ['NotReadableError', 'The camera gives no picture.', /Close that program/],
])('%s is told in words, with what to do', (name, what, fix) => {
  const error = cameraError(new DOMException('Permission denied', name));
  expect(error).toMatchObject({ code: 'E-CAMERA', what });
  expect(error.fix).toMatch(fix);
});

it('keeps what the browser says where it is not known', () => {
  expect(cameraError(new Error('lens cap')).why).toBe('lens cap');
  expect(cameraError('lens cap').code).toBe('E-CAMERA');
});

it('has words for no camera at all, and for one that went', () => {
  expect([noCameraHere(), cameraGone()].map(({ code }) => code)).toEqual(['E-CAMERA', 'E-CAMERA']);
});
