import type { WeightsProgram } from './over-weights.ts';

/** The gradient of one element: the weighted sum of the objectives' gradients, with L2 decay. */
function gradient(objectives: number, at: (name: string) => string): string {
  const terms = Array.from({ length: objectives }, (_, k) => `u.weight${k} * ${at(`g${k}_`)}`);
  return `${terms.join(' + ')} + u.decay * ${at('p')}`;
}

const gradientBuffers = (objectives: number) =>
  Array.from({ length: objectives }, (_, k) => [`g${k}_`, 'read'] as const);
const weightUniforms = (objectives: number) => Array.from({ length: objectives }, (_, k) => `weight${k}`);

/** Buffers: parameter, velocity (with momentum), gradients. Uniforms: rate, momentum, decay, weights. */
export function sgdProgram(objectives: number, withMomentum: boolean): WeightsProgram {
  return {
    key: `SGD, ${objectives} objectives${withMomentum ? ', momentum' : ''}`,
    buffers: [
      ['p', 'read_write'],
      ...(withMomentum ? [['v', 'read_write'] as const] : []),
      ...gradientBuffers(objectives),
    ],
    uniforms: ['rate', 'momentum', 'decay', ...weightUniforms(objectives)],
    body: (at) =>
      withMomentum
        ? `let velocity = u.momentum * ${at('v')} + (${gradient(objectives, at)});
      ${at('v')} = velocity;
      ${at('p')} -= u.rate * velocity;`
        : `${at('p')} -= u.rate * (${gradient(objectives, at)});`,
  };
}

/**
 * Buffers: parameter, both moments, gradients. Uniforms: the rate over the first moment's correction, the inverse root of
 * the second's, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, decay, weights.
 */
export function adamProgram(objectives: number): WeightsProgram {
  return {
    key: `Adam, ${objectives} objectives`,
    buffers: [['p', 'read_write'], ['m', 'read_write'], ['v', 'read_write'], ...gradientBuffers(objectives)],
    uniforms: [
      'rate',
      'inverseRoot',
      'beta1',
      'share1',
      'beta2',
      'share2',
      'epsilon',
      'decay',
      ...weightUniforms(objectives),
    ],
    body: (at) => `let g = ${gradient(objectives, at)};
      let mean = u.beta1 * ${at('m')} + u.share1 * g;
      let square = u.beta2 * ${at('v')} + u.share2 * g * g;
      ${at('m')} = mean;
      ${at('v')} = square;
      ${at('p')} -= u.rate * mean / (sqrt(square) * u.inverseRoot + u.epsilon);`,
  };
}

/** out = the weighted sum of the gradients. */
export function combineProgram(objectives: number): WeightsProgram {
  return {
    key: `combine ${objectives} gradients`,
    buffers: [['out', 'read_write'], ...gradientBuffers(objectives)],
    uniforms: weightUniforms(objectives),
    body: (at) =>
      `${at('out')} = ${Array.from({ length: objectives }, (_, k) => `u.weight${k} * ${at(`g${k}_`)}`).join(' + ')};`,
  };
}

/** target += scale * source. */
export const addScaledProgram: WeightsProgram = {
  key: 'add scaled',
  buffers: [
    ['target_', 'read_write'],
    ['source', 'read'],
  ],
  uniforms: ['scale'],
  body: (at) => `${at('target_')} += u.scale * ${at('source')};`,
};

/** target += share * (source - target). */
export const moveTowardsProgram: WeightsProgram = {
  key: 'move towards',
  buffers: [
    ['target_', 'read_write'],
    ['source', 'read'],
  ],
  uniforms: ['share'],
  body: (at) => `${at('target_')} += u.share * (${at('source')} - ${at('target_')});`,
};

/** dx = dy where the output of a ReLU is above zero. */
export const reluGradientProgram: WeightsProgram = {
  key: 'ReLU gradient',
  buffers: [
    ['dx', 'read_write'],
    ['dy', 'read'],
    ['y', 'read'],
  ],
  uniforms: [],
  body: (at) => `${at('dx')} = select(0.0, ${at('dy')}, ${at('y')} > 0.0);`,
};
