import { z } from 'zod';
import { minNormPoint, quadratic } from '../../core/mgda/min-norm.ts';
import { gradientDivisor, normalizeGram } from '../../core/mgda/normalize.ts';
import { type Comparison, compared } from './compare.ts';
import { flatten, nestedNumbers } from './nested.ts';

const schema = z.object({
  cases: z
    .array(
      z.object({
        tasks: z.array(z.string()).min(1),
        normalize: z.enum(['none', 'eq', 'l2', 'loss', 'loss+']),
        losses: z.record(z.string(), z.number()),
        grads: z.record(z.string(), nestedNumbers),
        scales: z.record(z.string(), z.number()),
      }),
    )
    .min(1),
});

/**
 * Two tasks: the scales. Three or more: the objective |sum of scale x gradient|^2 over the largest squared norm, since
 * the reference's solver stops early, and its scales are not unique where the gradients depend on each other.
 */
export function checkMgda(document: unknown): Comparison[] {
  return schema.parse(document).cases.map((example, index) => {
    const { tasks, normalize } = example;
    const gradients = tasks.map((task) => flatten(example.grads[task] ?? []));
    const gram = gradients.map((left) => gradients.map((right) => dot(left, right)));
    const divisors = tasks.map((task, row) =>
      gradientDivisor(normalize, example.losses[task] ?? NaN, Math.sqrt(gram[row]?.[row] ?? NaN)),
    );
    const normalized = normalizeGram(gram, divisors);
    const { weights } = minNormPoint(normalized);
    const reference = tasks.map((task) => example.scales[task] ?? NaN);
    const name = `case ${index} (${tasks.length} tasks, ${normalize})`;
    if (tasks.length <= 2) return compared(name, weights, reference);
    const largest = Math.max(...normalized.map((row, task) => row[task] ?? 0));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const objective = Math.abs(quadratic(normalized, weights) - quadratic(normalized, reference)) / largest;
    return { name, error: Math.max(objective, Math.abs(sum - 1)) };
  });
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? NaN), 0);
}
