import { describe, expect, it } from 'vitest';
import { describeCell, describeColor } from './describe-cell.ts';

describe('cells in words', () => {
  it('say place, colour and opacity', () => {
    expect(describeCell({ row: 3, column: 23 }, [3, 23, '#ffffff', 0.3])).toBe(
      'Row 3, column 23: white, opacity 30 %',
    );
    expect(describeCell({ row: 0, column: 1 }, undefined)).toBe('Row 0, column 1: not painted');
  });

  it('name greys by their percent and colours by their code', () => {
    expect(['#000000', '#333333', '#12ab34'].map(describeColor)).toEqual(['black', 'grey 20 %', '#12ab34']);
  });
});
