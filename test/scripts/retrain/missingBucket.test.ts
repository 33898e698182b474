import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { missingText } from '../../../scripts/retrain/missingBucket.ts';

/** A server that answers everything with a text, or not at all. */
async function answering(text: string | undefined): Promise<string> {
  const server = createServer((_, response) => void (text === undefined || response.end(text)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('tells of a Worker that answers where npm run serve listens, and how many models it has', async () => {
  const address = await answering('{"status":"ok","models":2}');
  expect(await missingText('artifacts/.bucket', address)).toContain(
    `; the Worker at ${address} answers (models: 2): if it was started from this folder before, it goes on`,
  );
});

it.each([
  ['what answers is no Worker', '<html>'],
  ['what answers has another /health', '{"status":"ok"}'],
  ['nothing answers in time', undefined],
])('tells what a Worker would do if %s', async (_, text) => {
  const started = performance.now();
  expect(await missingText('artifacts/.bucket', await answering(text))).toMatch(
    /^artifacts\/\.bucket is missing: .* moved or deleted; a Worker that was started from this folder before goes on/,
  );
  expect(performance.now() - started).toBeLessThan(2000);
});
