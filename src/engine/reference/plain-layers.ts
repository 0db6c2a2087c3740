/**
 * The layers of residual networks in double precision: plain loops over channels-last arrays, nothing shared with the
 * engine. Slow, and right to 15 digits; a reference for float32 kernels where no file of figures reaches.
 */

/** [n, height, width, channels] or [n, features], row-major. */
export interface PlainTensor {
  shape: readonly number[];
  values: Float64Array;
}

export interface PlainConvolution {
  stride: number;
  /** As in `core/models/layers.ts`. */
  padding: 'valid' | 'same' | number;
}

/** @param filter [height, width, in, out] */
export function plainConvolution(
  x: PlainTensor,
  filter: PlainTensor,
  { stride, padding }: PlainConvolution,
): PlainTensor {
  const [count = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [windowHeight = 0, windowWidth = 0, , filters = 0] = filter.shape;
  const rows = axisOf(height, windowHeight, stride, padding);
  const columns = axisOf(width, windowWidth, stride, padding);
  const y = zeros([count, rows.size, columns.size, filters]);
  for (let image = 0; image < count; image++)
    for (let row = 0; row < rows.size; row++)
      for (let tapRow = 0; tapRow < windowHeight; tapRow++) {
        const from = row * stride + tapRow - rows.before;
        if (from < 0 || from >= height) continue;
        const input = x.values.subarray((image * height + from) * width * channels);
        const output = y.values.subarray((image * rows.size + row) * columns.size * filters);
        for (let tapColumn = 0; tapColumn < windowWidth; tapColumn++)
          for (let channel = 0; channel < channels; channel++) {
            const tap = (tapRow * windowWidth + tapColumn) * channels + channel;
            const weights = filter.values.subarray(tap * filters, (tap + 1) * filters);
            // The weights of one tap and channel stay in the cache along a whole line of pixels.
            for (let column = 0; column < columns.size; column++) {
              const place = column * stride + tapColumn - columns.before;
              if (place < 0 || place >= width) continue;
              addScaled(output, column * filters, weights, input[place * channels + channel] ?? NaN);
            }
          }
      }
  return y;
}

/** Pixels of the output along one axis, and the zeros before the first of the input. */
function axisOf(
  size: number,
  window: number,
  stride: number,
  padding: PlainConvolution['padding'],
): { size: number; before: number } {
  if (padding === 'same') {
    const out = Math.ceil(size / stride);
    return { size: out, before: Math.floor(Math.max(0, (out - 1) * stride + window - size) / 2) };
  }
  const before = padding === 'valid' ? 0 : padding;
  return { size: Math.floor((size + 2 * before - window) / stride) + 1, before };
}

/** sums[at + i] += factor * values[i]. Half of what ReLU gives is zero, and adds nothing. */
function addScaled(sums: Float64Array, at: number, values: Float64Array, factor: number): void {
  if (factor === 0) return;
  for (let index = 0; index < values.length; index++)
    sums[at + index] = (sums[at + index] ?? NaN) + factor * (values[index] ?? NaN);
}

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta, with the mean and the biased variance of each channel over
 * everything else (Ioffe and Szegedy, Batch Normalization, ICML 2015, algorithm 1).
 * @param gamma and beta: [channels]
 */
export function plainBatchNorm(
  x: PlainTensor,
  gamma: PlainTensor,
  beta: PlainTensor,
  epsilon: number,
): PlainTensor {
  const channels = gamma.values.length;
  const count = x.values.length / channels;
  const y = new Float64Array(x.values.length);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < y.length; at += channels) sum += x.values[at] ?? NaN;
    const mean = sum / count;
    let squares = 0;
    for (let at = channel; at < y.length; at += channels) squares += ((x.values[at] ?? NaN) - mean) ** 2;
    const scale = (gamma.values[channel] ?? NaN) / Math.sqrt(squares / count + epsilon);
    const shift = beta.values[channel] ?? NaN;
    for (let at = channel; at < y.length; at += channels)
      y[at] = ((x.values[at] ?? NaN) - mean) * scale + shift;
  }
  return { shape: x.shape, values: y };
}

export function plainRelu({ shape, values }: PlainTensor): PlainTensor {
  return { shape, values: values.map((value) => Math.max(0, value)) };
}

/** @param a and b: of one shape */
export function plainAdd(a: PlainTensor, b: PlainTensor): PlainTensor {
  return { shape: a.shape, values: a.values.map((value, index) => value + (b.values[index] ?? NaN)) };
}

/** The mean of each channel of each image: [n, channels]. */
export function plainGlobalAverage({ shape, values }: PlainTensor): PlainTensor {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  const y = zeros([count, channels]);
  for (let image = 0; image < count; image++)
    for (let pixel = 0; pixel < height * width; pixel++) {
      const at = (image * height * width + pixel) * channels;
      addScaled(y.values, image * channels, values.subarray(at, at + channels), 1 / (height * width));
    }
  return y;
}

/** x weight + bias. @param x [n, in] @param weight [in, out] @param bias [out] */
export function plainDense(x: PlainTensor, weight: PlainTensor, bias: PlainTensor): PlainTensor {
  const [inputs = 0, outputs = 0] = weight.shape;
  const y = zeros([x.shape[0] ?? 0, outputs]);
  for (let row = 0; row * outputs < y.values.length; row++) {
    addScaled(y.values, row * outputs, bias.values, 1);
    for (let input = 0; input < inputs; input++) {
      const weights = weight.values.subarray(input * outputs, (input + 1) * outputs);
      addScaled(y.values, row * outputs, weights, x.values[row * inputs + input] ?? NaN);
    }
  }
  return y;
}

function zeros(shape: readonly number[]): PlainTensor {
  return { shape, values: new Float64Array(shape.reduce((product, side) => product * side, 1)) };
}
