import { describe, expect, it } from 'vitest';
import type { Layer } from './layers.ts';
import { sizeOf } from './layers.ts';
import type { ParameterLayout } from './layouts.ts';
import { fromTensorFlow, parameterLayouts, toTensorFlow } from './layouts.ts';
import { simplenet } from './simplenet.ts';

const layers: Layer[] = [
  { kind: 'conv', name: 'c', filters: 4, kernel: 3, stride: 2, padding: 'valid', bias: true },
  { kind: 'flatten' },
  { kind: 'relu' },
  { kind: 'dense', name: 'd', units: 5 },
  { kind: 'dense', name: 'e', units: 3 },
];
/** Input 7x9x2; the convolution leaves 3x4x4. */
const layouts = parameterLayouts(layers, [7, 9, 2]);
const named = (name: string): ParameterLayout => {
  const found = layouts.find((layout) => layout.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const counting = (layout: ParameterLayout) =>
  Float32Array.from({ length: sizeOf(layout.shape) }, (_, i) => i + 1);

describe('parameter layouts', () => {
  it('give the shapes of both sides', () => {
    expect(layouts.map(({ name, shape, tensorFlowShape }) => [name, shape, tensorFlowShape])).toEqual([
      ['c.weight', [4, 2, 3, 3], [3, 3, 2, 4]],
      ['c.bias', [4], [4]],
      ['d.weight', [5, 48], [48, 5]],
      ['d.bias', [5], [5]],
      ['e.weight', [3, 5], [5, 3]],
      ['e.bias', [3], [3]],
    ]);
    const fc1 = parameterLayouts(simplenet.layers([28, 28, 1], 10), [28, 28, 1])[4];
    expect(fc1).toMatchObject({ name: 'fc1.weight', spread: [500, 50, 4, 4], tensorFlowShape: [800, 500] });
  });

  it('move a convolution as index arithmetic says', () => {
    const layout = named('c.weight');
    const torch = counting(layout);
    const moved = toTensorFlow(layout, torch);
    for (let o = 0; o < 4; o++)
      for (let i = 0; i < 2; i++)
        for (let y = 0; y < 3; y++)
          for (let x = 0; x < 3; x++)
            expect(moved[((y * 3 + x) * 2 + i) * 4 + o]).toBe(torch[((o * 2 + i) * 3 + y) * 3 + x]);
  });

  it('move the dense layer after flatten from channel, row, column to row, column, channel', () => {
    const layout = named('d.weight');
    const torch = counting(layout);
    const moved = toTensorFlow(layout, torch);
    for (let unit = 0; unit < 5; unit++)
      for (let c = 0; c < 4; c++)
        for (let y = 0; y < 3; y++)
          for (let x = 0; x < 4; x++)
            expect(moved[((y * 4 + x) * 4 + c) * 5 + unit]).toBe(torch[unit * 48 + (c * 3 + y) * 4 + x]);
  });

  it('transpose other dense layers and leave biases', () => {
    const layout = named('e.weight');
    const torch = counting(layout);
    const moved = toTensorFlow(layout, torch);
    for (let unit = 0; unit < 3; unit++)
      for (let from = 0; from < 5; from++) expect(moved[from * 3 + unit]).toBe(torch[unit * 5 + from]);
    expect(toTensorFlow(named('e.bias'), Float32Array.of(3, 1, 2))).toEqual(Float32Array.of(3, 1, 2));
  });

  it.each([3, 11])('move %i filters alike, however long the runs are', (filters) => {
    const conv: Layer = { kind: 'conv', name: 'c', filters, kernel: 2, stride: 1, padding: 1, bias: false };
    const [layout] = parameterLayouts([conv], [5, 5, 3]);
    if (!layout) throw new Error('one layout');
    const torch = counting(layout);
    const moved = toTensorFlow(layout, torch);
    for (let o = 0; o < filters; o++)
      for (let i = 0; i < 3; i++)
        for (let place = 0; place < 4; place++)
          expect(moved[(place * 3 + i) * filters + o]).toBe(torch[(o * 3 + i) * 4 + place]);
    expect(fromTensorFlow(layout, moved)).toEqual(torch);
  });

  it('come back from TensorFlow.js as they were', () => {
    for (const layout of layouts) {
      expect(fromTensorFlow(layout, toTensorFlow(layout, counting(layout)))).toEqual(counting(layout));
    }
  });
});
