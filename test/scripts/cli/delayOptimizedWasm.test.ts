import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const MODULE = pathToFileURL(join(import.meta.dirname, '../../../scripts/cli/delayOptimizedWasm.ts')).href;

/** `(func (export "f") (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))` */
const COUNTS_DOWN = [
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 1, 0x7f, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0],
  ...[10, 16, 1, 14, 0, 3, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x0b],
];

/** Asks V8 if it has optimized a function of WebAssembly after `times` passes of its loop. */
async function isOptimized(times: number, isDelayed: boolean): Promise<boolean> {
  const program = `
    const { delayOptimizedWasm } = await import('${MODULE}');
    if (${isDelayed}) delayOptimizedWasm();
    const { instance } = await WebAssembly.instantiate(Uint8Array.of(${COUNTS_DOWN}));
    for (let i = 0; i < 10; i++) {
      instance.exports.f(${times / 10});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    console.log(new Function('f', 'return %IsTurboFanFunction(f)')(instance.exports.f));`;
  const flags = ['--allow-natives-syntax', '--import', 'tsx', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  return JSON.parse(stdout);
}

it('leaves WebAssembly that runs a little as it is, and optimizes what runs for long', async () => {
  expect(await isOptimized(1_000_000, false)).toBe(true);
  expect(await isOptimized(1_000_000, true)).toBe(false);
  expect(await isOptimized(200_000_000, true)).toBe(true);
});
