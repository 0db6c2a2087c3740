import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { configFromLink, configToLink } from '../../core/config/link.ts';
import { defense } from '../../core/config/schema-defense.ts';
import { configToYaml } from '../../core/config/yaml-write.ts';
import { configFromYaml } from '../../core/config/yaml.ts';
import { type DefenseId, defenses, defenseMethods } from '../../core/defenses/definitions.ts';
import type { DefenseResult } from '../../core/defenses/result.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { tinyConfig } from '../training/run.test-support.ts';
import { defend, quick, request } from './defense.test-support.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

const ids = Object.keys(defenses) as DefenseId[];

/** All but how long it took. */
const repeatable = ({ seconds, ...rest }: DefenseResult): object => ({ ...rest, timed: seconds >= 0 });

describe.each(ids)('%s', (id) => {
  it('says the same twice from one seed, and leaves no tensor and the model as it was', async () => {
    const before = tf.memory().numTensors;
    const asked = request([quick(id)]);
    const weights = structuredClone(asked.weights);
    const first = await defend(asked);
    const again = await defend(asked);
    expect(tf.memory().numTensors).toBe(before);
    expect(asked.weights).toEqual(weights);
    expect(again.results.map(repeatable)).toEqual(first.results.map(repeatable));
    const [result] = first.results;
    expect(result?.id).toBe(id);
    expect(result?.control).not.toBeNull();
    expect(result?.evidence.length).toBeGreaterThan(0);
    expect(structuredClone(result)).toEqual(result);
    const own = first.events.filter((event) => event.type === 'defense-progress' && event.stage === 'model');
    expect(own.at(-1)).toMatchObject({ id });
    const [last] = own.slice(-1);
    expect(last?.type === 'defense-progress' && last.done === last.total).toBe(true);
  });

  it('stops within a step of being told to, and keeps no tensor', async () => {
    const before = tf.memory().numTensors;
    let after = 0;
    const stopped = defend(request([quick(id)]), (event, abort) => {
      if (abort.signal.aborted) after++;
      if (event.type === 'defense-progress' && event.stage === 'model') abort.abort();
    });
    await expect(stopped).rejects.toThrow('E-CANCELLED');
    // What the step in hand still had to say.
    expect(after).toBeLessThanOrEqual(2);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has parameters that survive YAML and a link, in every variant', () => {
    const definition = defenseMethods.find((one) => one.id === id);
    const variants = [{}, ...(definition?.variants ?? []).map(({ params }) => params)];
    const asked = variants.map((params) => defense.parse({ kind: id, ...params }));
    const config = { ...tinyConfig(), defenses: asked };
    expect(configFromYaml(configToYaml(config)).config.defenses).toEqual(asked);
    expect(configFromLink(configToLink(config)).config.defenses).toEqual(asked);
  });

  it('refuses a parameter that it does not know, by name', () => {
    expect(() => configFromYaml(`defenses:\n  - kind: ${id}\n    unknown_one: 1\n`)).toThrow('unknown_one');
  });

  it('says of each parameter what it is', () => {
    for (const [name, field] of Object.entries<z.ZodType>(defenses[id].params.shape)) {
      if (name === 'kind') continue;
      expect(field.meta(), name).toMatchObject({
        title: expect.any(String) as string,
        description: expect.any(String) as string,
      });
    }
    expect(defenses[id].paper.url).toMatch(/^https:/);
  });
});

it('lists each defense under its own id, in the schema too', () => {
  expect(defenseMethods.map((one) => one.id)).toEqual(ids);
  expect(defense.options.map((option) => option.shape.kind.value).sort()).toEqual([...ids].sort());
});
