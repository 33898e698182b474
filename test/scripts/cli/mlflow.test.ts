import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mlflowRun } from '../../../scripts/cli/mlflow.ts';
import { trainRecipe } from '../../../scripts/cli/training.ts';
import type { Epoch } from '../../../training/fitting/fit.ts';
import { temporaryFolder } from '../../support/data/data.ts';

const losses = (loss: number) => ({ loss, reconstructionLoss: loss, regularisationLoss: 0 });
const epoch: Epoch = { epoch: 1, train: losses(0.5), validation: losses(0.25) };

interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** Answers as MLflow 3.17.2 does, of which these were recorded (`mlflow server`, by hand); keeps what it is asked. */
let server: Server;
let received: Received[];
let lost: boolean;
let url: string;

const ANSWERS: Readonly<Record<string, readonly [number, object]>> = {
  'experiments/get-by-name': [
    404,
    {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: "Could not find experiment with name 'digits'",
      sqlstate: 'KAM00',
      error_class: 'RESOURCE_NOT_FOUND',
    },
  ],
  'experiments/create': [200, { experiment_id: '7' }],
  'runs/create': [200, { run: { info: { run_id: 'abc', status: 'RUNNING' }, data: {} } }],
  'runs/log-batch': [200, {}],
  'runs/update': [200, { run_info: { run_id: 'abc' } }],
};

beforeEach(async () => {
  received = [];
  lost = false;
  server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const path = request.url!.replace('/api/2.0/mlflow/', '');
    const body = Buffer.concat(chunks).toString();
    received.push({
      path,
      authorization: request.headers.authorization,
      body: body === '' ? {} : JSON.parse(body),
    });
    const [status, answer] = lost
      ? [503, { error_code: 'TEMPORARILY_UNAVAILABLE' }]
      : ANSWERS[path.split('?')[0]!]!;
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

const lines: string[] = [];
const start = () =>
  mlflowRun({
    ...{ url, experiment: 'digits', run: 'digits' },
    params: { hidden: [64], loss: 'mse' },
    print: (line) => lines.push(line),
  });

it('makes the experiment and a run with its settings, and sends losses and metrics in order', async () => {
  vi.stubEnv('MLFLOW_TRACKING_TOKEN', 'secret');
  const run = await start();
  run.onStart([]);
  run.onEpoch(epoch);
  await run.finish({ 'ndcg@100': 0.5, mse: 0.1 });
  expect(received.map(({ path }) => path)).toEqual([
    'experiments/get-by-name?experiment_name=digits',
    'experiments/create',
    'runs/create',
    ...new Array(3).fill('runs/log-batch'),
    'runs/update',
  ]);
  expect(received.every(({ authorization }) => authorization === 'Bearer secret')).toBe(true);
  const [, , created, params, ofEpoch, metrics, update] = received.map(({ body }) => body);
  expect(created).toMatchObject({ experiment_id: '7', run_name: 'digits' });
  expect(params!.params).toEqual([
    { key: 'hidden', value: '[64]' },
    { key: 'loss', value: 'mse' },
  ]);
  expect(ofEpoch!.metrics).toContainEqual({
    key: 'validation_loss',
    value: 0.25,
    step: 1,
    timestamp: expect.any(Number),
  });
  expect(metrics!.metrics).toMatchObject([
    { key: 'ndcg_at_100', value: 0.5 },
    { key: 'mse', value: 0.1 },
  ]);
  expect(update).toMatchObject({ run_id: 'abc', status: 'FINISHED' });
});

it('says once that the server is lost, and goes on', async () => {
  const run = await start();
  lost = true;
  lines.length = 0;
  run.onEpoch(epoch);
  run.onEpoch({ ...epoch, epoch: 2 });
  await run.finish(undefined);
  expect(lines).toEqual([
    expect.stringMatching(
      /runs\/log-batch was answered with 503: .*; training goes on, and nothing more is sent$/,
    ),
  ]);
});

it('is refused before training if there is no server', async () => {
  server.close();
  await expect(start()).rejects.toThrow(/cannot be reached: expected the address of a tracking server/);
});

it('is refused before the data is read', async () => {
  server.close();
  const run = {
    data: '/absent.csv',
    mlflow: url,
    out: temporaryFolder(),
    engine: 'onnxruntime',
    seed: 1,
    set: [],
  };
  await expect(trainRecipe('tabular', run, () => undefined)).rejects.toThrow(/cannot be reached/);
});

it('has an address to open, whatever the given one ends with', async () => {
  lines.length = 0;
  url += '/';
  await start();
  expect(lines).toEqual([
    expect.stringMatching(/^MLflow: http:\/\/127\.0\.0\.1:\d+\/#\/experiments\/7\/runs\/abc$/),
  ]);
});

it('is refused if another kind of server answers', async () => {
  const other = createServer((_, response) => response.end('<html>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  await expect(start()).rejects.toThrow(
    /expected the address of a tracking server, received another answer: null/,
  );
  other.close();
});
