import { expect, it } from 'vitest';

import { summarize } from './summary.ts';

it('says of each series where it stands and where it began', () => {
  const series = [
    { key: 'clean', label: 'Clean accuracy', color: '' },
    { key: 'attack', label: 'Attack success', color: '' },
    { key: 'full', label: 'Full', color: '', marksOf: 'clean' },
  ];
  const facts = { clean: { first: 0.11, latest: 0.9812, latestX: 900 } };
  expect(summarize(series, facts, 'step', (value) => value.toFixed(3))).toBe(
    'Clean accuracy: 0.981 at step 900, from 0.110. Attack success: not measured yet.',
  );
});
