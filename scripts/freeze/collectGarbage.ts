/**
 * Frees what is not used any more, at once: V8 does not know how much memory outside of its heap hangs on an object. The
 * processes of freezing are started with `--expose-gc`.
 */
export function collectGarbage(): void {
  globalThis.gc!();
}
