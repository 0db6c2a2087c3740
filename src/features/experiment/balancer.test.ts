import { expect, test } from 'vitest';
import { defaultConfig, experimentSchema } from '../../core/config/schema.ts';
import { changesLiveRun, fitBalancer, fixedFrom, toggled, withScale } from './balancer.ts';

test('fixed weights start from those in force, so that the switch makes no jump', () => {
  expect(fixedFrom(['backdoor', 'normal'], { backdoor: 0.1234, normal: 0.8766 })).toEqual({
    kind: 'fixed',
    scales: { backdoor: 0.12, normal: 0.88 },
  });
  expect(fixedFrom(['normal'], {})).toEqual({ kind: 'fixed', scales: { normal: 0.5 } });
});

test('the switch to fixed weights starts no objective at nothing', () => {
  expect(fixedFrom(['normal', 'backdoor'], { normal: 0.998, backdoor: 0.002 }).scales).toEqual({
    normal: 1,
    backdoor: 0.01,
  });
  expect(fixedFrom(['backdoor'], { backdoor: 0 }).scales).toEqual({ backdoor: 0.01 });
});

test('a weight of 0 that was set by hand stays when objectives change', () => {
  const fixed = withScale(fixedFrom(['normal'], { normal: 0.9 }), 'normal', 0);
  expect(fitBalancer(fixed, ['normal', 'backdoor'])).toEqual({
    kind: 'fixed',
    scales: { normal: 0, backdoor: 0.5 },
  });
});

test('one weight changes and the others stay', () => {
  const balancer = fixedFrom(['normal', 'backdoor'], {});
  expect(withScale(balancer, 'backdoor', 3).scales).toEqual({ normal: 0.5, backdoor: 3 });
  expect(balancer.scales).toEqual({ normal: 0.5, backdoor: 0.5 });
});

test('objectives keep their order, and one must stay', () => {
  expect(toggled(['backdoor', 'normal'], 'backdoor', false)).toEqual(['normal']);
  expect(toggled(['normal'], 'backdoor', true)).toEqual(['normal', 'backdoor']);
  expect(toggled(['normal'], 'normal', false)).toEqual(['normal']);
  expect(toggled(['backdoor', 'normal'], 'normal', true)).toEqual(['backdoor', 'normal']);
});

test('fixed weights follow the objectives, MGDA needs none', () => {
  const fixed = fixedFrom(['normal'], { normal: 0.9 });
  expect(fitBalancer(fixed, ['normal', 'backdoor'])).toEqual({
    kind: 'fixed',
    scales: { normal: 0.9, backdoor: 0.5 },
  });
  expect(fitBalancer({ kind: 'mgda', normalize: 'l2' }, ['normal'])).toEqual({
    kind: 'mgda',
    normalize: 'l2',
  });
});

test('only a run under way that balances losses is reached', () => {
  const data = experimentSchema.parse({ attack: { injection: { kind: 'data' } } });
  const clean = experimentSchema.parse({ attack: { enabled: false } });
  expect(changesLiveRun('running', defaultConfig)).toBe(true);
  expect(changesLiveRun('paused', defaultConfig)).toBe(true);
  expect(changesLiveRun('done', defaultConfig)).toBe(false);
  expect(changesLiveRun('running', data)).toBe(false);
  expect(changesLiveRun('running', clean)).toBe(false);
  expect(changesLiveRun('running', null)).toBe(false);
});
