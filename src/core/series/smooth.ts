/**
 * Exponential moving average with its bias towards zero removed (Kingma and Ba, Adam, 2015, section 3):
 * s = weight * s + (1 - weight) * v, shown as s / (1 - weight^t).
 *
 * `weight` lies in [0, 1): 0 gives the values back, 0.9 averages over about ten. A value that is not finite stays a gap
 * (NaN) where it is, and the average goes on behind it as if it were not there. Smooth the full series first and
 * decimate after: the other way round the result depends on the width of the chart.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  if (!(weight >= 0 && weight < 1)) throw new RangeError(`A smoothing weight lies in [0, 1), not ${weight}.`);
  const out = new Float64Array(values.length);
  let average = 0;
  let bias = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      out[i] = Number.NaN;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    bias *= weight;
    out[i] = average / (1 - bias);
  }
  return out;
}
