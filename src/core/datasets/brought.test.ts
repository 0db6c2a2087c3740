import { describe, expect, it } from 'vitest';
import { customId } from './custom.ts';
import { BROUGHT_DATASETS, missingDataset } from './brought.ts';

describe('a data set that is not here', () => {
  it.each(BROUGHT_DATASETS)('is told where to get and where to put: $title', ({ id, title, home, size }) => {
    const name = id.replace('custom-', '');
    // What is added under this name is found under the id.
    expect(customId(name)).toBe(id);
    const terminal = missingDataset(id, 'terminal');
    expect([terminal.code, terminal.where]).toEqual(['E-DATASET', 'task.dataset']);
    expect(terminal.what).toBe(`${title} is not here yet.`);
    expect(terminal.why).toContain(home);
    expect(terminal.fix).toContain(`lab data add FOLDER --name ${name} --size ${size} --shorter-side 256`);
    expect(missingDataset(id, 'browser').fix).toMatch(
      new RegExp(`Bring your data, with the name ${name} and`),
    );
  });

  it('is told by its name when nobody knows it', () => {
    expect(missingDataset('custom-cats', 'terminal').fix).toContain('--name cats;');
    expect(missingDataset('custom-cats', 'browser').what).toBe(
      'There is no data set custom-cats in this browser.',
    );
  });
});
