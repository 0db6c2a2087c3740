/** A wave of brightness over the whole image. Source: Barni, Kallas and Tondi, A new backdoor attack in CNNs, ICIP 2019. */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import { eachByItself, type SynthesizerDefinition } from './synthesizer.ts';

export const params = z.strictObject({
  kind: kind('sinusoid', 'Sinusoid (SIG)'),
  amplitude: field(z.number().gt(0).max(1).default(0.16), {
    title: 'Amplitude',
    description:
      'Height of the wave, where 1 is the step from black to white. The paper uses 20 to 60 of 255 grey levels: 0.08 to 0.24.',
  }),
  frequency: field(z.number().gt(0).max(256).default(6), {
    title: 'Waves',
    description: 'How many waves lie across the width of the image. The paper uses 6.',
    unit: 'per width',
  }),
});

export const sinusoid: SynthesizerDefinition<typeof params> = {
  id: 'sinusoid',
  title: 'Sinusoid (SIG)',
  description: 'Vertical stripes, a sine wave of brightness, lie over the whole image.',
  paper: {
    title: 'A new backdoor attack in CNNs by training set corruption without label poisoning',
    authors: 'Barni, Kallas, Tondi',
    year: 2019,
    url: 'https://arxiv.org/abs/1902.11237',
  },
  params,
  create: ({ amplitude, frequency }, { width, channels }) => {
    // v(i, j) = amplitude sin(2 pi j frequency / width), section 3.
    const wave = Float32Array.from(
      { length: width },
      (_, column) => amplitude * Math.sin((2 * Math.PI * column * frequency) / width),
    );
    const apply = (pixels: Float32Array): void => {
      for (let at = 0; at < pixels.length; at++) {
        const column = Math.floor(at / channels) % width;
        pixels[at] = Math.min(1, Math.max(0, (pixels[at] ?? 0) + (wave[column] ?? 0)));
      }
    };
    return eachByItself(() => ({ apply }));
  },
};
