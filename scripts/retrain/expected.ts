import type { Aliases } from '../../shared/aliases.ts';
import { GateError } from '../../shared/errors.ts';
import { shown } from './aliases.ts';

/** @throws {GateError} where someone else has changed aliases since the run began. */
export function requireUnchanged(key: string, now: Aliases | undefined, before: Aliases | null): void {
  const [expected, found] = [shown(before ?? undefined), shown(now)];
  if (expected === found) return;
  throw new GateError(
    `${key} was changed by someone else: expected ${expected}, found ${found}; left as it is`,
  );
}
