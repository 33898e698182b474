import type { GraphSpec } from '../../shared/manifest.ts';
import type { OpenSession, Session } from './session.ts';

/** The session of a graph that was frozen with the Worker; undefined of any other. `label` is its name in the log. */
export type FrozenSessions = (label: string, spec: GraphSpec) => Session | undefined;

/** What runs graphs in this Worker: one of `edge/runtime/modes`, chosen when it is built. */
export interface Runtime {
  readonly frozen?: FrozenSessions;
  /** Loads any other graph, and with `fallsBack` also those that were frozen. */
  readonly open: OpenSession;
  /** Whether `open` answers requests that a frozen session cannot. */
  readonly fallsBack?: true;
}

/** The runtime stopped where no error can be answered any more, for instance in a function that was left out. */
export class TrapError extends Error {
  override readonly name = 'TrapError';
}
