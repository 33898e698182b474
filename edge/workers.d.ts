/** The part of the Workers runtime's own module used here. */
declare module 'cloudflare:workers' {
  /** The Worker's variables and bindings, readable while it starts. */
  export const env: Readonly<Record<string, unknown>>;
  /** Lets work continue after the current request is answered, for up to 30 s. */
  export function waitUntil(work: Promise<unknown>): void;
  /** A class whose methods other Workers call by service bindings. */
  export abstract class WorkerEntrypoint<Env = unknown> {
    constructor(ctx: unknown, env: Env);
    protected readonly ctx: { waitUntil(work: Promise<unknown>): void };
    protected readonly env: Env;
  }
  /** A class whose instances run a Workflow. */
  export abstract class WorkflowEntrypoint<Env = unknown> {
    constructor(ctx: unknown, env: Env);
    abstract run(event: { readonly payload: unknown }, step: unknown): Promise<unknown>;
  }
}
