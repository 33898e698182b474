/** Runs in a tracking server of MLflow, through its REST API (mlflow.org/docs/latest/rest-api.html, version 2.0). */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { Losses } from '../../training/engines/engine.ts';
import type { Epoch } from '../../training/fitting/fit.ts';
import type { HistoryWriter } from '../../training/fitting/history.ts';

export interface MlflowRun extends HistoryWriter {
  /**
   * Waits until everything is sent, and ends the run.
   * @param metrics Metrics of the model, by the names of the manifest; undefined if there is no model.
   */
  readonly finish: (metrics: Readonly<Record<string, number>> | undefined) => Promise<void>;
}

export interface MlflowOptions {
  /** Address of the server, for instance `http://127.0.0.1:5000`. */
  readonly url: string;
  /** Name of the experiment, which is made if there is none. */
  readonly experiment: string;
  readonly run: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly print: (line: string) => void;
}

const Experiment = z.object({ experiment: z.object({ experiment_id: z.string() }) });
const Created = z.object({ experiment_id: z.string() });
const Run = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) });

/** Most parameters of a request, and characters of a value that every server takes. */
const MOST_PARAMS = 100;
const MOST_CHARACTERS = 500;
const TIMEOUT_MS = 20_000;

/**
 * Checks that a tracking server answers, before work that takes long.
 * @throws {InputError} if the server cannot be reached, or another kind of server answers.
 */
export async function requireTracking(url: string, experiment: string): Promise<void> {
  await experimentNamed(caller(url), experiment, url);
}

/**
 * Starts a run, with the settings as its parameters. What fails later is printed once, and training goes on.
 * @throws {InputError} if the server cannot be reached or refuses the run.
 */
export async function mlflowRun(options: MlflowOptions): Promise<MlflowRun> {
  const { experiment, run, params, print } = options;
  const url = baseOf(options.url);
  const call = caller(url);
  const id = await experimentId(call, experiment, url);
  const started = { experiment_id: id, run_name: run, start_time: Date.now() };
  const { run_id } = parsed(Run, await call('POST', 'runs/create', started), url).run.info;
  const entries = Object.entries(params).map(([key, value]) => ({ key, value: text(value) }));
  for (let at = 0; at < entries.length; at += MOST_PARAMS)
    await call('POST', 'runs/log-batch', { run_id, params: entries.slice(at, at + MOST_PARAMS) });
  print(`MLflow: ${url}/#/experiments/${id}/runs/${run_id}`);

  let isLost = false;
  let sent: Promise<unknown> = Promise.resolve();
  const send = (path: string, body: object) => {
    sent = sent.then(async () => {
      if (isLost) return;
      try {
        await call('POST', path, { run_id, ...body });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        isLost = true;
        print(`${error.message}; training goes on, and nothing more is sent`);
      }
    });
    return sent;
  };
  const logMetrics = (metrics: readonly (readonly [string, number])[], step: number) =>
    send('runs/log-batch', {
      metrics: metrics.map(([key, value]) => ({ key, value, timestamp: Date.now(), step })),
    });
  const onEpoch = (epoch: Epoch) => void logMetrics(lossesOf(epoch), epoch.epoch);
  return {
    onStart: (history) => history.forEach(onEpoch),
    onEpoch,
    finish: async (metrics) => {
      // Names of metrics take no '@'.
      const named = Object.entries(metrics ?? {}).map(
        ([name, value]) => [name.replace('@', '_at_'), value] as const,
      );
      if (named.length > 0) await logMetrics(named, 0);
      await send('runs/update', {
        status: metrics === undefined ? 'FAILED' : 'FINISHED',
        end_time: Date.now(),
      });
    },
  };
}

type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

/** The server's answer to a request that names what does not exist. */
class MissingError extends InputError {}

function caller(url: string): Call {
  return async (method, path, body) => {
    const response = await answerOf(`${baseOf(url)}/api/2.0/mlflow/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...authorization() },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.text();
    if (response.ok) return jsonOf(answer);
    const message = `MLflow: ${url}: ${path} was answered with ${response.status}: ${answer.slice(0, 300)}`;
    if (answer.includes('RESOURCE_DOES_NOT_EXIST')) throw new MissingError(message);
    throw new InputError(message);
  };
}

/** The address without slashes at its end. */
function baseOf(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Null for what is no JSON, which no schema accepts. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @throws {InputError} if another kind of server answered. */
function parsed<Schema extends z.ZodType>(schema: Schema, answer: unknown, url: string): z.output<Schema> {
  const { success, data } = schema.safeParse(answer);
  if (success) return data;
  throw new InputError(
    `MLflow: ${url}: expected the address of a tracking server, received another answer: ${JSON.stringify(answer).slice(0, 200)}`,
  );
}

async function answerOf(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, options);
  } catch (cause) {
    throw new InputError(`MLflow: ${address} cannot be reached: expected the address of a tracking server`, {
      cause,
    });
  }
}

/** From the variables that MLflow's own clients read. */
function authorization(): Record<string, string> {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
  } = process.env;
  if (token) return { Authorization: `Bearer ${token}` };
  if (!user) return {};
  return { Authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

async function experimentId(call: Call, name: string, url: string): Promise<string> {
  const found = await experimentNamed(call, name, url);
  return found ?? parsed(Created, await call('POST', 'experiments/create', { name }), url).experiment_id;
}

/** Returns the id of an experiment; undefined if there is none. */
async function experimentNamed(call: Call, name: string, url: string): Promise<string | undefined> {
  try {
    const found = await call('GET', `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`);
    return parsed(Experiment, found, url).experiment.experiment_id;
  } catch (error) {
    if (error instanceof MissingError) return undefined;
    throw error;
  }
}

const LOSSES: Readonly<Record<keyof Losses, string>> = {
  loss: 'loss',
  reconstructionLoss: 'reconstruction_loss',
  regularisationLoss: 'regularisation_loss',
};

function lossesOf(epoch: Epoch): (readonly [string, number])[] {
  return (['train', 'validation'] as const).flatMap((part) =>
    Object.entries(LOSSES).map(
      ([loss, name]) => [`${part}_${name}`, epoch[part][loss as keyof Losses]] as const,
    ),
  );
}

function text(value: unknown): string {
  const whole = typeof value === 'string' ? value : JSON.stringify(value);
  return whole.length <= MOST_CHARACTERS ? whole : `${whole.slice(0, MOST_CHARACTERS - 3)}...`;
}
