import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { curve } from '../../support/data/data.ts';
import { at, program } from '../../support/training/programs.ts';

// So that what is measured is what is held, not when V8 last happened to collect.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('resident memory after 10,000 steps is within 5% of that after 1,000', async () => {
  const { rows } = curve(64, 64);
  const session = await onnxruntime(program(rows.width, { hidden: [64], codeSize: 16 }), {});
  const train = async (steps: number) => {
    for (let step = 0; step < steps; step++) await session.train(rows, at(step));
  };
  const resident = () => {
    collectGarbage();
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    // V8's spare room, which it grows under load and keeps, is nobody's memory.
    return rss - (heapTotal - heapUsed);
  };
  await train(1000);
  const after1000 = resident();
  await train(9000);
  // A step's state is about 120 KiB: losing it once a step would add 1 GiB.
  // Buffers are given back in the background, a moment after the collection; what leaks is never given back.
  await expect.poll(resident, { timeout: 20_000, interval: 200 }).toBeLessThan(after1000 * 1.05);
  await session.dispose();
});
