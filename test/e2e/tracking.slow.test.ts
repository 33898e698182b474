/** A run as the trackers that people have read it: a server of MLflow, and TensorBoard, where python3 has them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, runScript } from '../support/commands/cli.ts';
import { printedAddress } from '../support/commands/printedAddress.ts';
import { keptFolder } from '../support/data/data.ts';

const has = (module: string) => spawnSync('python3', ['-c', `import ${module}`]).status === 0;
/** Without them, the answers and the reading that were recorded of them hold: mlflow.test.ts, tensorBoard.test.ts. */
const hasMlflow = has('mlflow');
const hasTensorBoard = has('tensorboard');

const folder = keptFolder();
const history = join(folder, 'history.jsonl');
const logs = join(folder, 'logs');
const READ_EVENTS = join(ROOT, 'test/support/exporters/readEvents.py');
/** Prints the only run of an experiment, as MLflow's own client reads it. */
const READ_RUN = `
import json, sys, mlflow
client = mlflow.MlflowClient(sys.argv[1])
[run] = client.search_runs([client.get_experiment_by_name(sys.argv[2]).experiment_id])
history = {name: [[each.step, each.value] for each in client.get_metric_history(run.info.run_id, name)]
           for name in run.data.metrics}
print(json.dumps({"name": run.info.run_name, "status": run.info.status, "end": run.info.end_time,
                  "params": run.data.params, "tags": run.data.tags, "history": history}))`;

interface Losses {
  readonly loss: number;
  readonly reconstructionLoss: number;
  readonly regularisationLoss: number;
}
interface EpochLine {
  readonly epoch: number;
  readonly train: Losses;
  readonly validation: Losses;
}
/** Each series that is tracked, by the part and the name that it has in the history. */
const SERIES = (['train', 'validation'] as const).flatMap((part) =>
  (
    [
      ['loss', 'loss'],
      ['reconstruction_loss', 'reconstructionLoss'],
      ['regularisation_loss', 'regularisationLoss'],
    ] as const
  ).map(([tag, name]) => ({ part, tag, of: (epoch: EpochLine) => epoch[part][name] })),
);

let stop: () => void = () => undefined;
let url: string | undefined;
let trained: { readonly version: string; readonly metrics: Readonly<Record<string, number>> };
let epochs: readonly EpochLine[];

beforeAll(async () => {
  if (hasMlflow) url = await mlflowServer();
  const query =
    'SELECT sin(i / 10) AS wave, cos(i / 7) AS other, i % 50 = 0 AS label FROM range(900) AS r(i)';
  const { code, stdout, stderr } = await runScript('train', [
    ...['anomaly', '--data', query, '--out', folder, '--name', 'tracked', '--json', '--force'],
    ...['--history', history, '--tensorboard', logs, ...(url === undefined ? [] : ['--mlflow', `${url}/`])],
    ...['--set', 'epochs=4', 'hidden=[8]', 'codeSize=1'],
  ]);
  expect(code, stderr).toBe(0);
  trained = JSON.parse(stdout);
  epochs = readFileSync(history, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(epochs).toHaveLength(4);
}, 120_000);
afterAll(() => stop());

it.runIf(hasMlflow)('MLflow has settings, every epoch and the metrics of the artifact', () => {
  const run = JSON.parse(execFileSync('python3', ['-c', READ_RUN, url!, 'tracked'], { encoding: 'utf8' }));
  expect(run).toMatchObject({ name: 'tracked', status: 'FINISHED', end: expect.any(Number) });
  expect(run.params).toMatchObject({
    recipe: 'anomaly',
    seed: '1',
    hidden: '[8]',
    codeSize: '1',
    epochs: '4',
  });
  for (const { part, tag, of } of SERIES)
    expect(run.history[`${part}_${tag}`]).toEqual(epochs.map((epoch) => [epoch.epoch, of(epoch)]));
  for (const [name, value] of Object.entries(trained.metrics))
    expect(run.history[name.replace('@', '_at_')]).toEqual([[0, value]]);
});

it.runIf(hasTensorBoard)('TensorBoard has every epoch', () => {
  const { runs } = JSON.parse(execFileSync('python3', [READ_EVENTS, logs], { encoding: 'utf8' }));
  for (const { part, tag, of } of SERIES)
    expect(runs[part].scalars[tag].map(([, step, value]: number[]) => [step, value])).toEqual(
      epochs.map((epoch) => [epoch.epoch, Math.fround(of(epoch))]),
    );
});

/** Starts a server in a process group of its own, with its store in a file. */
async function mlflowServer(): Promise<string> {
  const store = `sqlite:///${join(folder, 'mlflow.db')}`;
  const server = spawn(
    'python3',
    [
      '-m',
      'mlflow',
      'server',
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--workers',
      '1',
      '--backend-store-uri',
      store,
    ],
    { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  stop = () => process.kill(-server.pid!, 'SIGKILL');
  return printedAddress(server, 'startup complete');
}
