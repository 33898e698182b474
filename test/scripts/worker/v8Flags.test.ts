import { Miniflare } from 'miniflare';
import { expect, onTestFinished, test, vi } from 'vitest';
import { withV8Flags } from '../../../scripts/worker/v8Flags.ts';
import { passV8Flags } from '../../../scripts/worker/workerdProcess.ts';

/** Tells which functions V8 has: each of these is there with a flag only. */
const SCRIPT = `export default { fetch: () => Response.json([typeof gc, typeof externalizeString]) }`;

passV8Flags();

test.each([
  ['', ['undefined', 'undefined']],
  ['--expose-gc', ['function', 'undefined']],
  ['--no-opt --expose-externalize-string --single-threaded-gc --expose-gc', ['function', 'function']],
])('workerd runs with the flags %j', async (flags, expected) => {
  vi.stubEnv('MINIFLARE_WORKERD_V8_FLAGS', flags);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const worker = new Miniflare({ modules: true, script: SCRIPT, cf: false });
  onTestFinished(() => worker.dispose());
  expect(await (await worker.dispatchFetch('http://worker/')).json()).toEqual(expected);
});

test('a configuration with flags of its own keeps these', () => {
  // A segment of five words: the root, which has three pointers, and of these the third one set.
  const config = new Uint8Array(BigUint64Array.of(5n << 32n, 3n << 48n, 0n, 0n, 1n, 0n).buffer);
  expect(withV8Flags(config, ['--expose-gc'])).toBe(config);
});

test('a message that is no configuration is not changed silently', () => {
  // One segment with a root that has no pointers.
  const message = Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(() => withV8Flags(message, ['--expose-gc'])).toThrow('Expected a configuration of workerd');
});
