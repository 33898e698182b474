import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../scripts/worker/exampleRequest.ts';
import type { KnownAnswers } from '../../../shared/answers.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { columnsArtifact } from '../../support/artifacts/columnsArtifact.ts';
import { itemsArtifact } from '../../support/artifacts/itemsArtifact.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';
import { temporaryFolder } from '../../support/data/data.ts';

/** A server that keeps what it is sent. */
const received: { path: string; headers: IncomingHttpHeaders; body: Buffer }[] = [];
const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  received.push({ path: request.url!, headers: request.headers, body: Buffer.concat(parts) });
  response.end('{}');
});
let url: URL;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(() => server.close());

/** Runs lines in a shell, and returns the last request. */
async function sent(lines: readonly string[], cwd?: string) {
  await promisify(execFile)('sh', ['-c', lines.join('\n')], { cwd });
  return received.at(-1)!;
}

const sentJson = async (lines: readonly string[]) => {
  const { path, headers, body } = await sent(lines);
  expect(headers['content-type']).toBe('application/json');
  return [path, JSON.parse(body.toString())];
};

function knownAnswers(answers: Partial<KnownAnswers>) {
  const path = join(temporaryFolder(), "user's answers.json");
  const whole = { rows: [], answers: {}, ...answers };
  writeFileSync(path, JSON.stringify(whole));
  return { path, answers: whole };
}

const { manifest: linear } = linearArtifact();
const encoder: Manifest = { ...linear, operations: ['encode', 'decode'] };

describe('the request that serve prints', () => {
  it('holds a known row, in digits that can be read', async () => {
    const known = knownAnswers({ rows: [[57.218_063, 2020.5, 31_104, -0.000_123_456, 0, 1], [9]] });
    const lines = exampleRequest(encoder, { url, known });
    expect(lines.join('\n')).not.toContain('decode');
    expect(await sentJson(lines)).toEqual([
      '/v1/models/linear/encode',
      { rows: [{ a: 57.22, b: 2021, c: 31_104, d: -0.000_123_5, e: 0, f: 1 }] },
    ]);
  });

  it('asks a model with a prediction for it', async () => {
    expect(await sentJson(exampleRequest(linear, { url, known: undefined }))).toEqual([
      '/v1/models/linear/predict',
      { rows: [Object.fromEntries(linear.features.statistics.mean.map((mean, i) => ['abcdef'[i], mean]))] },
    ]);
  });

  it.each([
    { anomalyScore: linear.reconstructionError },
    // Its score is the error, and labels have judged it.
    { metrics: { 'roc-auc': 0.9 } },
  ])('asks a model of anomalies for scores', async (change) => {
    const operations = ['encode', 'score'] as const;
    const lines = exampleRequest(
      { ...linear, ...change, operations: [...operations] },
      { url, known: undefined },
    );
    expect(await sentJson(lines)).toMatchObject(['/v1/models/linear/score', { rows: [{}] }]);
  });

  it('holds text, also with quotes, and missing values', async () => {
    const { manifest } = columnsArtifact();
    const known = knownAnswers({ rows: [[30, "L'Aquila", null, 1]] });
    expect(await sentJson(exampleRequest(manifest, { url, known }))).toEqual([
      expect.stringMatching(/^\/v1\/models\/columns\//),
      { rows: [{ age: 30, city: "L'Aquila", height: null, member: 1 }] },
    ]);
  });

  it('names items for a recommender', async () => {
    const recommend = { items: ['a', 'b', 'c', 'd'], recommended: [{ item: 'e', score: 1 }] };
    const { manifest } = itemsArtifact();
    expect(await sentJson(exampleRequest(manifest, { url, known: knownAnswers({ recommend }) }))).toEqual([
      '/v1/models/items/recommend',
      { items: ['a', 'b', 'c'] },
    ]);
  });
});

describe('rows that are too long to read', () => {
  const features: Manifest['features'] = { ...encoder.features, count: 300, names: null };
  const wide = { ...encoder, features: { ...features, rowShape: [300], imageLayout: null } };
  const row = Array.from({ length: 300 }, (_, i) => i / 7);

  it('are read from the file of known answers', async () => {
    const lines = exampleRequest(wide, { url, known: knownAnswers({ rows: [row, row] }) });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(300);
    expect(await sentJson(lines)).toEqual(['/v1/models/linear/encode', { rows: [row] }]);
  });

  it('are zeros where no row is known', async () => {
    const { headers, body } = await sent(exampleRequest(wide, { url, known: undefined }));
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(body).toEqual(Buffer.alloc(1200));
  });

  it('may be images, for which a PNG is shown, too', async () => {
    const images: Manifest = { ...wide, features: { ...features, rowShape: [3, 20, 5], imageLayout: 'CHW' } };
    const lines = exampleRequest(images, { url, known: knownAnswers({ rows: [row] }) });
    expect(lines.at(-2)).toContain('a PNG of 5 x 20 pixels');
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'image.png'), 'a file');
    const { path, headers, body } = await sent(lines.slice(-1), folder);
    expect([path, headers['content-type'], `${body}`]).toEqual([
      '/v1/models/linear/encode',
      'image/png',
      'a file',
    ]);
    expect(await sentJson(lines.slice(0, -2))).toEqual(['/v1/models/linear/encode', { rows: [row] }]);
  });
});
