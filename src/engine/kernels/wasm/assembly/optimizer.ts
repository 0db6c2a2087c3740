import { multiplyAdd } from './vector';

/**
 * One step of stochastic gradient descent over `count` parameters, in place, as torch.optim.SGD computes it: the decay
 * joins the gradient, velocity = momentum * velocity + gradient, parameter -= rate * velocity. Without momentum the
 * velocity is neither read nor written.
 */
export function sgdStep(
  parameter: usize, gradient: usize, velocity: usize, count: u32, rate: f32, momentum: f32, decay: f32,
): void {
  const decays = f32x4.splat(decay);
  const momenta = f32x4.splat(momentum);
  const down = f32x4.splat(-rate);
  const moving = momentum != 0;
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    const p = v128.load(parameter + at);
    let step = multiplyAdd(p, decays, v128.load(gradient + at));
    if (moving) {
      step = multiplyAdd(momenta, v128.load(velocity + at), step);
      v128.store(velocity + at, step);
    }
    v128.store(parameter + at, multiplyAdd(down, step, p));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    const p = load<f32>(parameter + at);
    let step = load<f32>(gradient + at) + decay * p;
    if (moving) {
      step += momentum * load<f32>(velocity + at);
      store<f32>(velocity + at, step);
    }
    store<f32>(parameter + at, p - rate * step);
  }
}

/**
 * One Adam step over `count` parameters, in place, as torch.optim.Adam computes it: the decay joins the gradient;
 * parameter -= stepSize * first / (sqrt(second) * secondScale + epsilon), with the bias corrections of the step already
 * in stepSize = rate / (1 - beta1^t) and secondScale = 1 / sqrt(1 - beta2^t).
 */
export function adamStep(
  parameter: usize, gradient: usize, first: usize, second: usize, count: u32,
  stepSize: f32, secondScale: f32, beta1: f32, beta2: f32, keep1: f32, keep2: f32, epsilon: f32, decay: f32,
): void {
  let i: u32 = 0;
  const one = f32x4.splat(beta1);
  const two = f32x4.splat(beta2);
  const oneRest = f32x4.splat(keep1);
  const twoRest = f32x4.splat(keep2);
  const decays = f32x4.splat(decay);
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    const p = v128.load(parameter + at);
    const g = multiplyAdd(p, decays, v128.load(gradient + at));
    const m = multiplyAdd(oneRest, g, f32x4.mul(one, v128.load(first + at)));
    const v = multiplyAdd(f32x4.mul(twoRest, g), g, f32x4.mul(two, v128.load(second + at)));
    v128.store(first + at, m);
    v128.store(second + at, v);
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(secondScale)), f32x4.splat(epsilon));
    v128.store(parameter + at, f32x4.sub(p, f32x4.div(f32x4.mul(f32x4.splat(stepSize), m), scale)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    const p = load<f32>(parameter + at);
    const g = load<f32>(gradient + at) + decay * p;
    const m = beta1 * load<f32>(first + at) + keep1 * g;
    const v = beta2 * load<f32>(second + at) + keep2 * g * g;
    store<f32>(first + at, m);
    store<f32>(second + at, v);
    store<f32>(parameter + at, p - (stepSize * m) / (sqrt<f32>(v) * secondScale + epsilon));
  }
}
