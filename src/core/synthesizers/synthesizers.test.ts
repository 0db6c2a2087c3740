import { describe, expect, it } from 'vitest';
import { experimentSchema, type ExperimentInput } from '../config/schema.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { randomStream } from '../rng/random.ts';
import { configFromLink, configToLink } from '../config/link.ts';
import { safeParseConfig } from '../config/parse.ts';
import { configToYaml } from '../config/yaml-write.ts';
import { configFromYaml } from '../config/yaml.ts';
import { createSynthesizer, isForImages } from './create.ts';
import { definitions, triggerMethods } from './definitions.ts';
import type { ImageSynthesizer, StampRole } from './synthesizer.ts';

type Input = NonNullable<NonNullable<ExperimentInput['attack']>['synthesizer']>;

const GREY: ImageShape = { height: 9, width: 12, channels: 1 };
const COLOUR: ImageShape = { height: 12, width: 10, channels: 3 };

function synthesizer(input: Input, shape: ImageShape, seed = 3): ImageSynthesizer {
  const { synthesizer: config } = experimentSchema.parse({ attack: { synthesizer: input } }).attack;
  if (!isForImages(config)) throw new Error('it puts nothing into an image');
  const made = createSynthesizer(config, shape, seed);
  made.learned?.draw(randomStream(seed, 'learned'));
  return made;
}

/** An image that is nowhere the same. */
function image({ height, width, channels }: ImageShape): Float32Array {
  return Float32Array.from({ length: height * width * channels }, (_, at) => ((at * 37) % 101) / 100);
}

function stamped(
  made: ImageSynthesizer,
  shape: ImageShape,
  role: StampRole = 'attack',
  draw = 1,
): Float32Array {
  const pixels = image(shape);
  made.draw(randomStream(draw, 'draw'), role).apply(pixels);
  return pixels;
}

const KINDS = Object.keys(definitions) as (keyof typeof definitions)[];
const inside = { kind: 'fixed', row: 1, column: 1 } as const;
const inputOf = (kind: Input['kind']): Input => {
  if (kind === 'painted') return { kind, pixels: [[2, 3, '#80ff00', 0.5]] };
  return kind === 'pattern' || kind === 'single_pixel' ? { kind, placement: inside } : { kind };
};

describe.each(triggerMethods.map((method) => [method.id, method] as const))(
  'the definition %s',
  (id, method) => {
    const kind = id as Input['kind'];
    const config = experimentSchema.parse({ attack: { synthesizer: inputOf(kind) } });

    it('has a paper, a sentence, and its id as the kind of its parameters', () => {
      expect(method.paper.url).toMatch(/^https:\/\//);
      expect(method.description).toMatch(/\.$/);
      expect(config.attack.synthesizer.kind).toBe(id);
    });

    it('has parameters that survive YAML and a link', () => {
      expect(configFromYaml(configToYaml(config, { complete: true })).config).toEqual(config);
      expect(configFromLink(configToLink(config)).config).toEqual(config);
    });

    it('refuses a parameter that it does not know, by name', () => {
      const synthesizer = { ...inputOf(kind), nonsense: 1 };
      const result = safeParseConfig({ attack: { synthesizer } });
      expect(result.ok ? [] : result.problems.map(({ where }) => where)).toEqual([
        'attack.synthesizer.nonsense',
      ]);
    });
  },
);

describe.each(KINDS)('the trigger %s', (kind) => {
  it.each([GREY, COLOUR])('changes an image, keeps it in [0, 1], and repeats itself: %o', (shape) => {
    const once = stamped(synthesizer(inputOf(kind), shape), shape);
    expect(once).not.toEqual(image(shape));
    expect(once.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(stamped(synthesizer(inputOf(kind), shape), shape)).toEqual(once);
    const batch = synthesizer(inputOf(kind), shape).drawBatch(2, randomStream(1, 'draw'), 'attack');
    expect(batch).toHaveLength(2);
    const pixels = image(shape);
    batch[0]?.apply(pixels);
    expect(pixels).toEqual(once);
  });
});

describe('a blended picture', () => {
  const width = 2;
  const rgba = btoa(String.fromCharCode(255, 0, 0, 255, 0, 0, 255, 0));
  const picture = { kind: 'image', width, height: 1, rgba } as const;

  it('is out = ratio picture + (1 - ratio) image, where it is opaque', () => {
    const shape: ImageShape = { height: 1, width, channels: 3 };
    const pixels = new Float32Array(6).fill(0.5);
    synthesizer({ kind: 'blend', picture, ratio: 0.2 }, shape).draw(randomStream(1), 'attack').apply(pixels);
    // The second pixel is wholly transparent.
    for (const [at, value] of [0.6, 0.4, 0.4, 0.5, 0.5, 0.5].entries())
      expect(pixels[at]).toBeCloseTo(value, 6);
  });

  it('with fewer pixels than it says is refused', () => {
    expect(() => synthesizer({ kind: 'blend', picture: { ...picture, height: 2 } }, COLOUR)).toThrow(
      /E-TRIGGER.*8 bytes and not 16/s,
    );
  });
});

describe('the sinusoid', () => {
  it('adds amplitude sin(2 pi column frequency / width) to every row, cut at black and white', () => {
    const shape: ImageShape = { height: 2, width: 8, channels: 1 };
    const pixels = new Float32Array(16).fill(0.5);
    pixels[9] = 0.95;
    synthesizer({ kind: 'sinusoid', amplitude: 0.2, frequency: 2 }, shape)
      .draw(randomStream(1), 'test')
      .apply(pixels);
    const expected = [0.5, 0.7, 0.5, 0.3, 0.5, 0.7, 0.5, 0.3];
    for (const [at, value] of pixels.entries()) {
      expect(value).toBeCloseTo(at === 9 ? 1 : (expected[at % 8] ?? 0), 6);
    }
  });
});

describe('the warp', () => {
  it('is drawn by the seed of the experiment, and is the same for every image and in every role but as a cover', () => {
    const warp = synthesizer({ kind: 'warp' }, GREY);
    const once = stamped(warp, GREY);
    expect(stamped(warp, GREY, 'attack', 2)).toEqual(once);
    expect(stamped(warp, GREY, 'test', 3)).toEqual(once);
    expect(stamped(warp, GREY, 'cover', 1)).not.toEqual(once);
    expect(stamped(warp, GREY, 'cover', 1)).not.toEqual(stamped(warp, GREY, 'cover', 2));
    expect(stamped(synthesizer({ kind: 'warp' }, GREY, 4), GREY)).not.toEqual(once);
  });

  it('leaves an even image as it is, and moves more the stronger it is', () => {
    const even = new Float32Array(GREY.height * GREY.width).fill(0.25);
    synthesizer({ kind: 'warp', strength: 4 }, GREY).draw(randomStream(1), 'attack').apply(even);
    expect(even.every((value) => Math.abs(value - 0.25) < 1e-6)).toBe(true);
    const change = (strength: number): number =>
      stamped(synthesizer({ kind: 'warp', strength }, GREY), GREY).reduce(
        (sum, value, at) => sum + Math.abs(value - (image(GREY)[at] ?? 0)),
        0,
      );
    expect(change(0.5)).toBeGreaterThan(change(0.1));
  });
});

describe('the adaptive blend', () => {
  const changed = (role: StampRole, draw: number): number[] => {
    const pixels = stamped(synthesizer({ kind: 'adaptive_blend', pieces: 3 }, GREY), GREY, role, draw);
    return [...pixels.keys()].filter((at) => pixels[at] !== image(GREY)[at]);
  };

  it('shows half of the pieces in training, others each time, and all of them at test time', () => {
    // 3 by 3 pieces of 3 by 4 pixels; half of 9 rounds to 5.
    expect(changed('attack', 1)).toHaveLength(5 * 12);
    expect(changed('cover', 2)).toHaveLength(5 * 12);
    expect(changed('attack', 1)).not.toEqual(changed('attack', 2));
    expect(changed('test', 1)).toHaveLength(GREY.height * GREY.width);
  });
});

describe('an object in the scene', () => {
  const shape: ImageShape = { height: 24, width: 24, channels: 3 };
  const sticker = { kind: 'object', picture: { kind: 'drawing', name: 'sticker' } } as const;

  it('without turn, tilt, light and blur covers the part of the image that its size says', () => {
    const still = { ...sticker, min_size: 0.5, max_size: 0.5, rotation: 0, tilt: 0, light: 0, blur: 0 };
    const pixels = new Float32Array(24 * 24 * 3).fill(0.5);
    synthesizer(still, shape).draw(randomStream(5), 'attack').apply(pixels);
    const changed = Array.from({ length: 24 * 24 }, (_, pixel) => pixel).filter(
      (pixel) => pixels[3 * pixel] !== 0.5,
    );
    // A disc of 12 pixels across, whose edge pixels are covered in part.
    expect(changed.length).toBeGreaterThan(Math.PI * 36 - 12);
    expect(changed.length).toBeLessThan(Math.PI * 36 + 40);
    const columns = changed.map((pixel) => pixel % 24);
    expect(Math.max(...columns) - Math.min(...columns)).toBeGreaterThanOrEqual(11);
    expect(Math.max(...columns) - Math.min(...columns)).toBeLessThanOrEqual(13);
  });

  it('is seen from another place each time', () => {
    const made = synthesizer(sticker, shape);
    expect(stamped(made, shape, 'attack', 1)).not.toEqual(stamped(made, shape, 'attack', 2));
  });
});
