/**
 * A blended picture of which training sees a random part at a time, with covers that keep their label: poisoned and clean
 * inputs stay close in latent space, and the whole picture works at test time all the same.
 * Source: Qi et al., Revisiting the Assumption of Latent Separability for Backdoor Defenses, ICLR 2023, section 4.
 */
import { z } from 'zod';
import { picture } from '../config/schema-picture.ts';
import { field, fraction, kind } from '../config/schema-field.ts';
import { renderPicture } from '../pictures/picture.ts';
import { overlay } from './overlay.ts';
import { eachByItself, type SynthesizerDefinition } from './synthesizer.ts';

const ratio = z.number().gt(0).max(1);

export const params = z.strictObject({
  kind: kind('adaptive_blend', 'Adaptive blend'),
  picture: field(picture.default({ kind: 'noise', seed: 0 }), {
    title: 'Picture',
    description:
      'What is blended in: noise that ships with the lab, or a picture of yours, scaled to the image.',
  }),
  ratio: field(ratio.default(0.15), {
    title: 'Ratio in training',
    description: 'Share of the picture in each pixel that it covers while the network is trained.',
  }),
  test_ratio: field(ratio.default(0.2), {
    title: 'Ratio at test time',
    description:
      'Share of the picture in each pixel when the backdoor is used; the whole picture is shown then.',
  }),
  pieces: field(z.int().min(1).max(16).default(4), {
    title: 'Pieces along a side',
    description: 'The picture is cut into so many rows and columns of pieces. The paper cuts 4 by 4.',
  }),
  kept: field(fraction.default(0.5), {
    title: 'Kept pieces',
    description: 'Share of the pieces that each poisoned example gets in training, drawn anew for each.',
  }),
});

export const adaptiveBlend: SynthesizerDefinition<typeof params> = {
  id: 'adaptive_blend',
  title: 'Adaptive blend',
  description: 'Pieces of a faint picture in training, all of it at test time; covers keep their label.',
  paper: {
    title: 'Revisiting the Assumption of Latent Separability for Backdoor Defenses',
    authors: 'Qi, Xie, Li, Mahloujifar, Mittal',
    year: 2023,
    url: 'https://openreview.net/forum?id=_wSHsgrVali',
  },
  params,
  create: ({ picture: config, ratio: trained, test_ratio: tested, pieces, kept }, shape) => {
    const laid = renderPicture(config, shape);
    const wanted = Math.max(1, Math.round(pieces * pieces * kept));
    const pieceOf = (pixel: number): number => {
      const [row, column] = [Math.floor(pixel / shape.width), pixel % shape.width];
      return Math.floor((row * pieces) / shape.height) * pieces + Math.floor((column * pieces) / shape.width);
    };
    return eachByItself((random, role) => {
      if (role === 'test') return { apply: (pixels) => overlay(pixels, laid, () => tested) };
      const shown = new Set(random.permutation(pieces * pieces).subarray(0, wanted));
      return {
        apply: (pixels) => overlay(pixels, laid, (pixel) => (shown.has(pieceOf(pixel)) ? trained : 0)),
        drawn: { pieces: [...shown].sort((a, b) => a - b).join(' ') },
      };
    });
  },
};
