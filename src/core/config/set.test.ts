import { describe, expect, it } from 'vitest';
import { ConfigError } from './problem.ts';
import { defaultConfig } from './schema.ts';
import { applySettings } from './set.ts';

function errorOf(...settings: string[]): ConfigError {
  try {
    applySettings({}, settings);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown;
    throw thrown;
  }
  throw new Error('no error');
}

describe('settings of a command line', () => {
  it('lay values over an experiment, in order', () => {
    const config = applySettings(defaultConfig, [
      'training.epochs=2',
      'training.epochs=3',
      'attack.label.target=1',
      'attack.injection.loss_threshold=null',
      'attack.injection.objectives=[normal]',
      'name=a = b',
    ]);
    expect(config.training.epochs).toBe(3);
    expect(config.attack.label).toEqual({ kind: 'one_target', target: 1 });
    expect(config.attack.injection).toMatchObject({ objectives: ['normal'], loss_threshold: null });
    expect(config.name).toBe('a = b');
    expect(defaultConfig.training.epochs).toBe(1);
  });

  it('of a kind start the section over with its defaults', () => {
    const config = applySettings({ attack: { injection: { kind: 'batch', fraction: 0.9 } } }, [
      'attack.injection.kind=data',
      'training.optimizer.kind=adam',
      'training.optimizer.learning_rate=0.1',
    ]);
    expect(config.attack.injection).toEqual({ kind: 'data', fraction: 0.05, cover: 0 });
    expect(config.training.optimizer).toMatchObject({ kind: 'adam', learning_rate: 0.1, beta1: 0.9 });
  });

  it('of the kind that is there keep the section', () => {
    const config = applySettings({ attack: { injection: { kind: 'batch', fraction: 0.9 } } }, [
      'attack.injection.kind=batch',
    ]);
    expect(config.attack.injection).toEqual({ kind: 'batch', fraction: 0.9, cover: 0 });
  });

  it('of a section merge into it', () => {
    const config = applySettings({ training: { epochs: 4 } }, [
      'training={ batch_size: 32, optimizer: { kind: adam } }',
    ]);
    expect(config.training).toMatchObject({
      epochs: 4,
      batch_size: 32,
      optimizer: { kind: 'adam', beta1: 0.9 },
    });
  });

  it.each([
    ['trainig.epochs=3', 'E-CONFIG-KEY', 'Did you mean training?'],
    ['training.epoch=3', 'E-CONFIG-KEY', 'Did you mean epochs?'],
    ['attack.injection.fraction=0.1', 'E-CONFIG-KEY', 'fraction belongs to kind data or batch'],
    ['lr=0.1', 'E-CONFIG-KEY', 'training.optimizer.learning_rate'],
    ['training.epochs.more=3', 'E-CONFIG-KEY', ''],
    ['__proto__.x=3', 'E-CONFIG-KEY', ''],
    ['training.epochs=three', 'E-CONFIG-VALUE', ''],
    ['training.batch_size=0', 'E-CONFIG-VALUE', ''],
    ['training=3', 'E-CONFIG-VALUE', ''],
    ['attack.injection.kind=los', 'E-CONFIG-VALUE', 'Did you mean loss?'],
    ['training.epochs', 'E-CONFIG', 'training.epochs=3'],
    ['=3', 'E-CONFIG', ''],
    ['name=[1', 'E-CONFIG', ''],
    ['name=&a [*a]', 'E-CONFIG-SIZE', ''],
    [`name=${'['.repeat(60000)}`, 'E-CONFIG-SIZE', ''],
  ])('%.40s is refused with %s', (setting, code, fix) => {
    const error = errorOf(setting);
    expect(error.code).toBe(code);
    expect(error.fix).toContain(fix);
    expect(error.where).toMatch(/^--set /);
  });
});
