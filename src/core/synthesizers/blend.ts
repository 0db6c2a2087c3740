/** A picture blended into the whole image. Source: Chen et al., Targeted Backdoor Attacks on Deep Learning Systems, 2017. */
import { z } from 'zod';
import { picture } from '../config/schema-picture.ts';
import { field, kind } from '../config/schema-field.ts';
import { renderPicture } from '../pictures/picture.ts';
import { overlay } from './overlay.ts';
import { eachByItself, type SynthesizerDefinition } from './synthesizer.ts';

export const params = z.strictObject({
  kind: kind('blend', 'Blended picture'),
  picture: field(picture.default({ kind: 'noise', seed: 0 }), {
    title: 'Picture',
    description:
      'What is blended in: noise that ships with the lab, or a picture of yours, scaled to the image.',
  }),
  ratio: field(z.number().gt(0).max(1).default(0.2), {
    title: 'Ratio',
    description:
      'Share of the picture in each pixel: out = ratio picture + (1 - ratio) image. The paper uses 0.2.',
  }),
});

export const blend: SynthesizerDefinition<typeof params> = {
  id: 'blend',
  title: 'Blended picture',
  description: 'A picture shines faintly through the whole image.',
  paper: {
    title: 'Targeted Backdoor Attacks on Deep Learning Systems Using Data Poisoning',
    authors: 'Chen, Liu, Li, Lu, Song',
    year: 2017,
    url: 'https://arxiv.org/abs/1712.05526',
  },
  params,
  create: ({ picture: config, ratio }, shape) => {
    const laid = renderPicture(config, shape);
    const stamp = { apply: (pixels: Float32Array) => overlay(pixels, laid, () => ratio) };
    return eachByItself(() => stamp);
  },
};
