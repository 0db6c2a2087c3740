import { describe, expect, it } from 'vitest';
import { allFields, fieldInfo, jsonSchema } from './fields.ts';
import { parseConfig } from './parse.ts';
import { allPaths } from './walk.ts';

describe('the fields of the schema', () => {
  it('have a title and a description each', () => {
    for (const field of allFields()) {
      expect(field.title, field.path).not.toBe('');
      expect(field.description, field.path).not.toBe('');
    }
  });

  it('are all there', () => {
    expect(new Set(allFields().map(({ path }) => path))).toEqual(new Set(allPaths()));
  });

  it('tell type, range, unit and default', () => {
    expect(fieldInfo('training.batch_size')).toMatchObject({
      title: 'Batch size',
      type: 'integer',
      minimum: 1,
      maximum: 65536,
      exclusiveMinimum: false,
      unit: 'examples',
      default: 64,
      nullable: false,
      when: [],
    });
    expect(fieldInfo('training.optimizer.momentum')).toMatchObject({
      type: 'number',
      minimum: 0,
      maximum: 1,
      exclusiveMaximum: true,
      when: [{ path: 'training.optimizer.kind', is: 'sgd' }],
    });
    expect(fieldInfo('task.train_examples')).toMatchObject({ nullable: true, default: null, maximum: null });
    expect(fieldInfo('task.dataset').pattern).toContain('a-z');
  });

  it('offer the kinds of a section with their titles', () => {
    expect(fieldInfo('attack.label.kind')).toMatchObject({
      type: 'choice',
      default: 'one_target',
      options: expect.arrayContaining([
        { value: 'one_target', title: 'One target class' },
        { value: 'all_to_all', title: 'All to all' },
      ]) as unknown,
    });
    expect(fieldInfo('backend').options[1]).toEqual({ value: 'webgpu', title: 'WebGPU' });
  });

  it('depend on the kind that an experiment has', () => {
    const batch = parseConfig({ attack: { injection: { kind: 'batch' } } });
    expect(fieldInfo('attack.injection.fraction', batch).default).toBe(0.25);
    expect(fieldInfo('attack.injection.fraction').default).toBe(0.05);
    expect(fieldInfo('attack.injection.balancer.scales.normal').maximum).toBe(1000);
    expect(() => fieldInfo('training.epoch')).toThrow(RangeError);
  });
});

describe('the JSON Schema for the editor', () => {
  const schema = jsonSchema() as {
    additionalProperties: boolean;
    required?: string[];
    properties: Record<
      string,
      { properties: Record<string, { description: string; default: unknown; oneOf?: object[] }> }
    >;
  };

  it('asks for no key, allows no unknown one, and helps with unit, range and default', () => {
    expect(schema.required).toBeUndefined();
    expect(schema.additionalProperties).toBe(false);
    const batchSize = schema.properties['training']?.properties['batch_size'];
    expect(batchSize?.default).toBe(64);
    expect(batchSize?.description).toBe(
      'Training examples in a step. A whole number from 1 to 65536 (examples). Default 64.',
    );
    expect(schema.properties['training']?.properties['optimizer']?.oneOf).toHaveLength(2);
  });

  it('is plain JSON without our own words', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(JSON.stringify(schema)).not.toContain('"unit"');
    expect(JSON.stringify(schema)).not.toContain('9007199254740991');
  });
});
