/** When V8 optimizes WebAssembly in the processes of commands. */
import { setFlagsFromString } from 'node:v8';

/**
 * Bytes of code that a function runs before V8 optimizes it; Node 20 has it do so after 1.8 million. Commands run each
 * model for a few rows on the whole of onnxruntime-web: optimizing that took a second of processor time, a third of
 * what training a small model takes, and gained nothing. What large models run often exceeds this in a fraction of a
 * second.
 */
const BUDGET = 200_000_000;

/** Has V8 optimize later the WebAssembly that this process starts from now on. */
export function delayOptimizedWasm(): void {
  setFlagsFromString(`--wasm-tiering-budget=${BUDGET}`);
}
