import { expect, inject, test } from 'vitest';
import { startWorker } from '../../scripts/worker/worker.ts';
import { InputError } from '../../shared/errors.ts';
import { itEach } from '../support/suites/full.ts';

const quiet = { log: () => undefined };

test('a port that is in use is an input error that says so', async () => {
  const first = await startWorker(inject('build'), quiet);
  const port = Number(first.url.port);
  await expect(startWorker(inject('build'), { ...quiet, port })).rejects.toThrow(InputError);
  await expect(startWorker(inject('build'), { ...quiet, port })).rejects.toThrow(`port ${port}`);
  await first.dispose();
});

const WRONG: readonly (readonly [string, string])[] = [
  ['MAX_ROWS', 'many'],
  ['MAX_ROWS', '0'],
  ['MAX_BODY_BYTES', '1.5'],
];
itEach(WRONG, (_, index) => index === 0)(
  '%s = %s stops the Worker from starting, with the reason',
  async (name, value) => {
    const starting = startWorker(inject('build'), { ...quiet, variables: { [name]: value } });
    await expect(starting).rejects.toThrow(`wrong Worker variable: ${name}: expected a`);
  },
);

test('the upload fits, with nothing in it twice', async () => {
  // Far below Cloudflare's limit of 64 MiB: one image, one WebAssembly module and the code.
  expect(inject('poorBuild').bytes).toBeLessThan(8 * 1024 * 1024);
});
