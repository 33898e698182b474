import type { Instance } from './instance.ts';
import { wordsOf } from './tensors.ts';

/** Why onnxruntime refused what it was last asked for. */
export function lastError(instance: Instance): string {
  const { api, memory } = instance;
  const answer = api.malloc(8);
  api.OrtGetLastError(answer, answer + 4);
  const start = wordsOf(instance)[(answer >>> 2) + 1]!;
  api.free(answer);
  const bytes = new Uint8Array(memory.buffer);
  // A copy: text is not decoded from shared memory.
  return new TextDecoder().decode(bytes.slice(start, bytes.indexOf(0, start)));
}
