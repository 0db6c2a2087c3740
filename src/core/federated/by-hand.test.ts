import { describe, expect, it } from 'vitest';
import { isReleased, planByHand, released } from './by-hand.ts';

const plan = () => ({ clients: [4, 9, 2, 7], attacking: new Set([7]) });

describe('a client that is taken by hand', () => {
  it('takes the place of the last honest client that nobody holds', () => {
    const hands = [
      { ...released(2), scale: 3 },
      { ...released(11), present: true },
    ];
    expect(planByHand(plan(), hands)).toEqual({ clients: [4, 11, 2, 7], attacking: new Set([7]) });
  });

  it('attacks or not as it is told, and only where it takes part', () => {
    const hands = [
      { ...released(9), trigger: true },
      { ...released(7), trigger: false },
      { ...released(30), trigger: true },
    ];
    expect(planByHand(plan(), hands).attacking).toEqual(new Set([9]));
  });

  it('changes nothing once it is released, nor where every place is held', () => {
    expect(isReleased(released(3))).toBe(true);
    expect(planByHand(plan(), [released(3)])).toEqual(plan());
    const held = [4, 9, 2].map((client) => ({ ...released(client), learningRate: 0.1 }));
    expect(planByHand(plan(), [...held, { ...released(50), present: true }]).clients).toEqual([4, 9, 2, 7]);
  });
});
