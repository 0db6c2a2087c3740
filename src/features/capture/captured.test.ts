import { expect, it } from 'vitest';
import { type CapturedClass, capturedFiles, captureProblem } from './captured.ts';

let id = 0;
const aClass = (name: string, shots = 2): CapturedClass => ({
  id: ++id,
  name,
  shots: Array.from({ length: shots }, () => ({ id: ++id, blob: new Blob(), url: '' })),
});

it('gives each class a folder', () => {
  expect(capturedFiles([aClass(' my mug '), aClass('hand', 1)]).map(({ path }) => path)).toEqual([
    'my mug/00001.png',
    'my mug/00002.png',
    'hand/00001.png',
  ]);
});

it('takes two classes with two shots each', () => {
  expect(captureProblem([aClass('mug'), aClass('hand', 30)])).toBeNull();
  // One of the two names alone says nothing of parts.
  expect(captureProblem([aClass('test'), aClass('hand')])).toBeNull();
});

it.each<[RegExp, CapturedClass[]]>([
  [/needs a name/, [aClass('mug'), aClass('  ')]],
  [/Two classes are called mug/, [aClass('mug'), aClass('mug ')]],
  [/Two classes or more/, [aClass('mug', 9)]],
  [/hand needs 2 shots/, [aClass('mug'), aClass('hand', 1)]],
  [/cannot be called a\/b/, [aClass('a/b'), aClass('mug')]],
  [/cannot be called \.\./, [aClass('..'), aClass('mug')]],
  [/parts of a data set/, [aClass('train'), aClass('Test')]],
])('says what is missing: %s', (problem, classes) => {
  expect(captureProblem(classes)).toMatch(problem);
});
