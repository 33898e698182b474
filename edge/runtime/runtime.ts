/** The runtime of a Worker. */
import type { GraphSpec } from '../../shared/manifest.ts';
import type { OpenSession, Session } from './session.ts';

/**
 * Returns the session of a graph that was frozen with the Worker; undefined for any other. `label` is its
 * name in the log.
 */
export type FrozenSessions = (label: string, spec: GraphSpec) => Session | undefined;

/**
 * The runtime that runs graphs in this Worker: one of `edge/runtime/modes`, chosen when the Worker is built.
 */
export interface Runtime {
  readonly frozen?: FrozenSessions;
  /**
   * Loads any other graph and, with `fallsBack`, frozen graphs too; undefined if it runs only frozen ones.
   */
  readonly open?: OpenSession;
  /** True if `open` serves requests that trap in a frozen session. */
  readonly fallsBack?: true;
}

/**
 * A stop of the runtime from which it cannot recover, for instance in a function that was removed from it.
 */
export class TrapError extends Error {
  override readonly name = 'TrapError';
}
