/** Names of tools: one for each operation of each model. */
import { fnv1a } from '../../shared/hash.ts';
import type { OperationName } from '../../shared/manifest.ts';

/** Clients accept letters, digits, `_` and `-`, and at most this many of them. */
const LONGEST = 64;

/**
 * Returns the name of an operation of a model as a tool: both, joined by `_`, which no name of a model holds. A
 * name that would be too long has the end of the model's name replaced by its hash.
 *
 * @example
 * toolName('orders', 'score'); // 'orders_score'
 */
export function toolName(model: string, operation: OperationName): string {
  const whole = `${model}_${operation}`;
  if (whole.length <= LONGEST) return whole;
  const end = `_${fnv1a(new TextEncoder().encode(model)).toString(16).padStart(8, '0')}_${operation}`;
  return `${model.slice(0, LONGEST - end.length)}${end}`;
}
