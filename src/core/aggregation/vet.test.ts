import { expect, it } from 'vitest';
import { updatesOf } from './round.test-support.ts';
import { vet } from './vet.ts';

it('refuses what is not finite, of the wrong length or absurdly long, and names it', () => {
  const updates = updatesOf([1, 2], [NaN, 1], [1, -Infinity], [1, 2, 3], [3000, 4000], [0, 0]);
  const { accepted, refused } = vet(updates, 2, 1000);
  expect(accepted.map(({ client }) => client)).toEqual([0, 5]);
  expect(refused).toEqual([
    { client: 1, reason: 'not_finite', what: 'Value 0 of client 1 is NaN.' },
    { client: 2, reason: 'not_finite', what: 'Value 1 of client 2 is -Infinity.' },
    { client: 3, reason: 'wrong_length', what: 'Client 3 sent 3 values where the model has 2.' },
    {
      client: 4,
      reason: 'too_long',
      what: 'The update of client 4 is 5.00e+3 long; more than 1000 is absurd.',
    },
  ]);
});
