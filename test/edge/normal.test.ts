import { Miniflare } from 'miniflare';
import { build, type Rollup } from 'vite';
import { expect, test } from 'vitest';
import { normals } from '../../shared/normal.ts';

/** A Worker that answers the bytes of some normals. */
const WORKER = `
  import { normals } from '${new URL('../../shared/normal.ts', import.meta.url).pathname}';
  export default { fetch: () => new Response(normals(5, 'workerd', 50_000)) };
`;

test('normals are the same bytes in workerd as in Node', async () => {
  const worker = new Miniflare({
    modules: true,
    script: await bundled(WORKER),
    compatibilityDate: '2026-01-01',
    cf: false,
  });
  try {
    const response = await worker.dispatchFetch('http://worker/');
    const received = Buffer.from(await response.arrayBuffer());
    expect(received.equals(Buffer.from(normals(5, 'workerd', 50_000).buffer))).toBe(true);
  } finally {
    await worker.dispose();
  }
});

/** The module with what it imports, as one piece of JavaScript. */
async function bundled(source: string): Promise<string> {
  const entry = {
    name: 'entry',
    resolveId: (id: string) => (id === 'worker' ? id : undefined),
    load: (id: string) => (id === 'worker' ? source : undefined),
  };
  const rollupOptions = {
    input: 'worker',
    preserveEntrySignatures: 'strict',
    output: { format: 'es' },
  } as const;
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [entry],
    build: { write: false, minify: false, rollupOptions },
  });
  return (built as Rollup.RollupOutput).output[0].code;
}
