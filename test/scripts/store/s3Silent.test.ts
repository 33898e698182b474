import { expect, it } from 'vitest';
import { s3Bucket } from '../../../scripts/store/s3.ts';

// Nothing listens on the discard port.
const nobody = { url: 'http://127.0.0.1:9/models', accessKeyId: 'a', secretAccessKey: 'b', patience: 0 };

it.each([
  ['check the network, and R2_ENDPOINT if it is set', {}],
  ['start it again', { ifSilent: 'start it again' }],
])('a store that does not answer is told with what to do: %s', async (advice, options) => {
  await expect(s3Bucket({ ...nobody, ...options }).get('digits/aliases.json')).rejects.toThrow(
    `no answer after 1 attempts; ${advice}`,
  );
});
