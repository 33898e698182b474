import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RetrainRun } from '../../../scripts/retrain/context.ts';
import { followAliases } from '../../../scripts/retrain/followAliases.ts';
import { accessOf, liveWorker } from '../../../scripts/retrain/live.ts';
import { probeWithKey, requireKnownAnswers } from '../../../scripts/retrain/probing.ts';
import { aliasRelease } from '../../../scripts/retrain/release/aliases.ts';
import type { Target } from '../../../scripts/retrain/targets/target.ts';
import { GateError } from '../../../shared/errors.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';

test.each(['', '/', '/ml', '/ml/'])('a Worker whose API is at its path "%s"', async (path) => {
  const received: string[] = [];
  const server = createServer(({ method, url, headers: { authorization } }, response) => {
    received.push(`${method} ${url} ${authorization}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  await liveWorker(url, 'secret').stats();
  const mounted = path.replace(/\/$/, '');
  expect(received).toEqual([`GET ${mounted}/admin/stats Bearer secret`]);
  expect(accessOf(url, 'secret')).toEqual({ path: mounted, headers: { Authorization: 'Bearer secret' } });
  expect(accessOf(url, undefined)).toEqual({ path: mounted, headers: {} });
});

/** A Worker that answers everything with one status. */
async function answering(status: number) {
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.writeHead(status, { 'Content-Type': 'application/json' }).end('{"detail":"no"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const live = liveWorker(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'secret');
  return { live, requests: () => requests };
}

const PROBED = { manifest: linearArtifact().manifest, known: { rows: [[1]], answers: { encode: [[1]] } } };

test.each([401, 403])('a Worker that refuses the key with %d is asked once', async (status) => {
  const { live, requests } = await answering(status);
  const refused = new RegExp(`: ${status}, no The key was taken from .*npm run key`);
  await expect(probeWithKey(live, 'encode', PROBED)).rejects.toThrow(refused);
  const run = { model: 'linear', target: { live } as Target };
  await expect(requireKnownAnswers(run, PROBED, 60)).rejects.toThrow(GateError);
  expect(requests()).toBe(2);
  expect(live.statsRefusal()).toBeUndefined();
  expect([await live.stats(), live.statsRefusal()]).toEqual([
    undefined,
    expect.stringMatching(`^/admin/stats: ${status}\\. The key was taken from `),
  ]);
});

test('a Worker that fails is no Worker that refuses the key', async () => {
  const { live } = await answering(500);
  const { problem, isRefused } = await probeWithKey(live, 'encode', PROBED);
  expect([problem, isRefused]).toEqual([expect.stringContaining(': 500, no'), undefined]);
  expect([await live.stats(), live.statsRefusal()]).toEqual([undefined, undefined]);
});

test.each([
  [204, undefined],
  [401, 'the Worker refused the key for /admin/reload (401), and rereads'],
  [503, 'the Worker did not do /admin/reload (503), and rereads'],
])('a Worker that answers %i when it is to reread aliases: tells if it does not', async (status, told) => {
  const server = createServer((_, response) => {
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reply = await liveWorker(url, 'secret').reload();
  expect(reply).toEqual(told && expect.stringContaining(told));
});

test('a step whose aliases the Worker rereads only later warns of it', async () => {
  const { live } = await answering(403);
  const told: string[] = [];
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  onTestFinished(() => stderr.mockRestore());
  const target = { release: aliasRelease(live) } as Target;
  const lines: string[] = [];
  const run = { model: 'linear', target, print: (line: string) => lines.push(line) };
  await followAliases(run as unknown as RetrainRun, { production: 'aaaaaaaaaaaa' });
  expect(lines).toEqual(['linear/aliases.json: production aaaaaaaaaaaa']);
  expect(told.join('')).toMatch(/^warning: the Worker refused the key for \/admin\/reload \(403\)/);
});

test.each([
  ['canary', 'waits for an alias that the Worker has not read yet'],
  [PROBED.manifest.version, 'does not wait for a version'],
])('%s that is not found: %s', async (selector) => {
  const { live, requests } = await answering(404);
  const run = { model: 'linear', target: { live } as Target };
  await expect(requireKnownAnswers(run, { ...PROBED, selector }, 1.5)).rejects.toThrow(
    `linear@${selector}/encode: 404, no`,
  );
  if (selector === 'canary') expect(requests()).toBeGreaterThan(3);
  else expect(requests()).toBe(3);
});
