import { expect, test } from 'vitest';
import { readSettings } from '../../../edge/settings.ts';
import { assertImageFits } from '../../../scripts/freeze/fits.ts';
import { type FreezableGraph, freezableGraphs } from '../../../scripts/freeze/freezableGraphs.ts';
import { freeze } from '../../../scripts/freeze/freeze.ts';
import { FULL_WORKLOAD } from '../../../scripts/freeze/workload.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';

test('models that no isolate has room for are refused at once, with the runtime to choose', async () => {
  const [graph] = freezableGraphs([linearArtifact({ name: 'one' })], readSettings({}).limits) as [
    FreezableGraph,
  ];
  const large = { ...graph, bytes: new Uint8Array(60e6), label: 'one/encoder' };
  const start = performance.now();
  await expect(
    freeze([large, { ...large, label: 'one/decoder' }], { workload: FULL_WORKLOAD }),
  ).rejects.toThrow(
    /take 137 MB of memory and 60 MB for the image, and an isolate has 128 MB: one@[0-9a-f]+ alone has graphs of 120 MB; set RUNTIME in wrangler.toml to "stock"/,
  );
  expect(performance.now() - start).toBeLessThan(1000);
});

test('an image that no isolate has room for is refused, too', () => {
  expect(() => assertImageFits(70e6, 58e6)).not.toThrow();
  expect(() => assertImageFits(70e6, 59e6)).toThrow(
    /take 70 MB of memory and 59 MB for the image, and an isolate has 128 MB; set RUNTIME in wrangler.toml to "stock"/,
  );
});
