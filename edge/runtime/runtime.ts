/** The runtime of a Worker. */
import type { GraphSpec } from '../../shared/manifest.ts';
import type { FrozenModule } from './isolates/frozenModule.ts';
import type { WorkerLoader } from './isolates/loader.ts';
import type { OpenSession, Session } from './session.ts';

/** The key of a graph: the bytes that it was made from, and the names of its tensors. */
export interface GraphIdentity extends Pick<GraphSpec, 'sha256'> {
  readonly inputs: readonly { readonly name: string }[];
  readonly outputs: readonly { readonly name: string }[];
}

/**
 * Returns the session of a graph that was frozen with the Worker; undefined for any other. `label` is its
 * name in the log.
 */
export type FrozenSessions = (label: string, spec: GraphIdentity) => Session | undefined;

/** An isolate that a version, or a part of it, runs in. */
export interface IsolateState {
  /** `name@version` */
  readonly version: string;
  /** Which of the parts of the version's module, from 1. */
  readonly part: number;
  /** Number of times that its module was handed over: once, and again after the platform has ended it. */
  readonly starts: number;
  /** Number of times that it ended during a call and was replaced. */
  readonly replaced: number;
}

/** The isolates of versions that have a frozen module. */
export interface Isolates {
  /** Returns the session of a graph whose isolate has been started; undefined if `session` is to be asked. */
  known(spec: GraphIdentity): Session | undefined;
  /**
   * Returns the session of a graph in the isolate of its version, or of that part of it which has the graph. The isolate
   * is started if need be. Undefined if the version has no frozen module, or none with this graph.
   *
   * @param version `name@version`
   * @param label The name of the graph in the log.
   * @param open Reads the version's frozen module; undefined if it has none.
   * @throws {Error} if the module cannot be read, or does not start.
   */
  session(
    version: string,
    label: string,
    spec: GraphIdentity,
    open: () => Promise<FrozenModule | undefined>,
  ): Promise<Session | undefined>;
  /** Returns the isolates that this Worker uses, in the order of their starts. */
  states(): IsolateState[];
  /** Has modules read again when they are next asked for; isolates of the same ones go on. */
  forget(): void;
}

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
  /**
   * Starts isolates for versions of a bucket, in a Worker that has the binding for it. `ended` receives the version of
   * each one that ends while it is called, and the error.
   */
  readonly isolates?: (loader: WorkerLoader, ended: (version: string, error: unknown) => void) => Isolates;
}

/**
 * A stop of the runtime from which it cannot recover, for instance in a function that was removed from it.
 */
export class TrapError extends Error {
  override readonly name = 'TrapError';
}
