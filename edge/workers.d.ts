/** The part of the Workers runtime's own module that is used here. */
declare module 'cloudflare:workers' {
  /** The Worker's variables and bindings, readable while it starts. */
  export const env: Readonly<Record<string, unknown>>;
}
