/** The door to a local bucket, from a process that also trains. */
import { expect, it } from 'vitest';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';

/** workerd closes a connection that was idle for so long, or a little less. */
const IDLE_MS = 7000;

it('a process that was busy for seconds finds it open', async () => {
  const { bucket, close } = await openBucket({ r2Buckets: ['MODELS'] });
  try {
    for (let round = 0; round < 3; round++) {
      await bucket.put('key', `value ${round}`);
      // Without a turn of the event loop, nobody hears that the connection was closed.
      for (const end = Date.now() + IDLE_MS; Date.now() < end; );
      const stored = await bucket.get('key');
      expect(new TextDecoder().decode(await stored!.arrayBuffer())).toBe(`value ${round}`);
    }
  } finally {
    await close();
  }
});
