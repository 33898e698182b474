import { stat } from 'node:fs/promises';
import { expect, inject, test } from 'vitest';
import { startWorker } from '../../scripts/lib/worker.ts';
import { InputError } from '../../shared/errors.ts';

const quiet = { log: () => undefined };

test('a port that is in use is an input error that says so', async () => {
  const first = await startWorker(inject('build'), quiet);
  const port = Number(first.url.port);
  await expect(startWorker(inject('build'), { ...quiet, port })).rejects.toThrow(InputError);
  await expect(startWorker(inject('build'), { ...quiet, port })).rejects.toThrow(`port ${port}`);
  await first.dispose();
});

test.each([
  ['MAX_ROWS', 'many'],
  ['MAX_ROWS', '0'],
  ['MAX_BODY_BYTES', '1.5'],
])('%s = %s stops the Worker from starting, with the reason', async (name, value) => {
  const starting = startWorker(inject('build'), { ...quiet, variables: { [name]: value } });
  await expect(starting).rejects.toThrow(`wrong Worker variable: ${name}: expected a`);
});

test('the upload holds the WebAssembly once and little besides', async () => {
  const { bytes, gzipBytes } = inject('build');
  const wasm = await stat('node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');
  expect(bytes - wasm.size).toBeLessThan(400_000);
  // Cloudflare's limit for paid plans is 10 MiB.
  expect(gzipBytes).toBeLessThan(4 * 1024 * 1024);
});
