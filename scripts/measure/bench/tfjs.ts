/** TensorFlow.js as a contender in benchmarks. */
import { tfjsEngine } from '../../../training/engines/tfjs/engine.ts';
import { loadTfjs } from '../../../training/engines/tfjs/load.ts';
import { type Contender, engineContender, type TrainingWork } from './contender.ts';

export type TfjsName = 'tfjs-cpu' | 'tfjs-node' | 'tfjs-wasm';

/**
 * Returns a contender for the backend that `--engine tfjs` uses, and one for WebAssembly, the fastest backend
 * without a native binary, which the engine does not use.
 */
export async function tfjsContenders(work: TrainingWork): Promise<Contender[]> {
  const { tf, backend } = await loadTfjs();
  await import('@tensorflow/tfjs-backend-wasm');
  const own = tf.getBackend();
  const inWasm = async <T>(does: () => Promise<T>): Promise<T> => {
    await tf.setBackend('wasm');
    try {
      return await does();
    } finally {
      await tf.setBackend(own);
    }
  };
  const wasm = await inWasm(() => engineContender('tfjs-wasm' satisfies TfjsName, tfjsEngine, work));
  return [
    await engineContender(backend satisfies TfjsName, tfjsEngine, work),
    { ...wasm, run: (steps) => inWasm(() => wasm.run(steps)), dispose: () => inWasm(wasm.dispose) },
  ];
}
