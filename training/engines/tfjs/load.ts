/** Loads TensorFlow.js: the native backend if its binary is installed, otherwise the pure-JavaScript one. */
import type { Tfjs } from '../../graph/types.ts';
import { optionalPackage } from '../../optionalPackage.ts';

export interface LoadedTfjs {
  readonly tf: Tfjs;
  readonly backend: 'tfjs-node' | 'tfjs-cpu';
  /** One line: the backend and, for the slower one, how to get the faster one. */
  readonly description: string;
}

const INSTALL = 'npm rebuild @tensorflow/tfjs-node --ignore-scripts=false';

let loaded: Promise<LoadedTfjs> | undefined;

export function loadTfjs(): Promise<LoadedTfjs> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<LoadedTfjs> {
  try {
    const { default: tf } = await import('@tensorflow/tfjs-node');
    await tf.ready();
    return { tf, backend: 'tfjs-node', description: `TensorFlow.js ${tf.version_core}, native (tfjs-node)` };
  } catch (error) {
    const { default: tf } = await optionalPackage(
      '@tensorflow/tfjs',
      'the engine tfjs needs',
      () => import('@tensorflow/tfjs'),
    );
    tf.enableProdMode();
    await tf.ready();
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    const help = `tfjs-node's native binary did not load: ${reason}; to fetch it: ${INSTALL}`;
    return {
      tf,
      backend: 'tfjs-cpu',
      description: `TensorFlow.js ${tf.version_core}, pure JavaScript (${help})`,
    };
  }
}
