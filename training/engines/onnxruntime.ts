/**
 * The default engine: onnxruntime-node runs whole training steps (forward, backward, update), several in one
 * session run. The outputs of one run are the state that the next one starts from: nothing is converted or
 * copied in JavaScript.
 */
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import type { Matrix } from '../../shared/tensor.ts';
import { gradients } from '../graph/autodiff.ts';
import { batchLast } from '../graph/batchLast/batchLast.ts';
import { toOnnx } from '../graph/onnx.ts';
import { inputsOf, variablesOf } from '../graph/traverse.ts';
import type { Input, Progress, Value, Variable, Weights } from '../graph/types.ts';
import { scheduled, sizeOf } from '../graph/value.ts';
import type { Engine, Losses } from './engine.ts';
import { evaluationProgress, type Feeder, feeder } from './feeds.ts';
import { stateValue } from './state.ts';
import { stepLoop } from './stepLoop.ts';

type OrtTensors = Record<string, ort.Tensor>;

export const onnxruntime: Engine = async (program, { threads = availableParallelism(), profile }) => {
  const { rows, parameters, training, evaluation, optimizer, seed } = program;
  const derivatives = gradients(training.loss, parameters);
  const prepared = optimizer.prepare?.(parameters, derivatives) ?? derivatives;
  const learningRate = scheduled('learning_rate', optimizer.learningRate);
  const updates = new Map([...optimizer.update(parameters, prepared, learningRate), ...program.updates]);
  const ownInputs = (outputs: Iterable<Value>) => inputsOf([...outputs]).filter((each) => each !== rows);
  const compile = async (name: 'training' | 'evaluation', outputs: Record<string, Value>) => {
    const own = ownInputs(Object.values(outputs));
    const model = toOnnx({ name, inputs: [rows, ...own], outputs });
    return { session: await createSession(model, threads), feed: feeder(own, seed, name) };
  };
  const wanted = [...updates.values(), ...Object.values(lossOutputs(training))];
  const own = ownInputs(wanted);
  const outputs = batchLast(wanted);
  const next = new Map([...updates.keys()].map((each, i) => [each, outputs[i]!] as const));
  const loop = stepLoop([rows, ...own], next, outputs.slice(next.size));
  const losses = Object.fromEntries(LOSSES.map((name, i) => [name, loop.stacked[i]!]));
  const steps = toOnnx({
    name: 'training',
    inputs: loop.inputs,
    outputs: { ...losses, ...nextValues(loop.next) },
  });
  const train = {
    session: await createSession(steps, threads, profile),
    feed: feeder(own, seed, 'training'),
  };
  const evaluate = await compile('evaluation', lossOutputs(evaluation));

  let state: OrtTensors = Object.fromEntries(
    [...updates.keys()].map(({ name, initial, shape }) => {
      return [name, new ort.Tensor('float32', initial.slice(), [...shape])];
    }),
  );
  const kept = [...parameters, ...program.updates.keys()].map(({ name }) => name);
  const evaluated = variablesOf(Object.values(lossOutputs(evaluation))).map(({ name }) => name);
  const pick = (names: readonly string[]) => names.map((name) => [name, state[name]!] as const);
  const feeds = (feed: Feeder, batch: Matrix, progress: Progress): OrtTensors =>
    feedTensors(rows, batch, feed(batch.rowCount, progress));

  return {
    description: `onnxruntime-node ${ort.env.versions.node}, cpu, ${threads} thread${threads === 1 ? '' : 's'}`,
    train: async (batch, progress, steps = 1) => {
      const rowCount = batch.rowCount / steps;
      const run = (count: number) => {
        const given = feedTensors(rows, { ...batch, rowCount }, train.feed(rowCount, progress, count), count);
        return train.session.run({ ...state, ...given });
      };
      const results = await run(steps);
      const losses = readLosses(results);
      const failed = losses.findIndex(({ loss }) => !Number.isFinite(loss));
      if (failed < 0) state = nextState(updates, results);
      // Recomputes the state before the failed step by repeating the steps before it.
      if (failed > 0) state = nextState(updates, await run(failed));
      return failed < 0 ? losses : losses.slice(0, failed + 1);
    },
    stepsAtOnce: (batchSize) => stepsAtOnce([rows, ...own], parameters, batchSize),
    gradients: async (batch, progress) => {
      const outputs = Object.fromEntries(
        parameters.map(({ name }, i) => [gradientName(name), derivatives[i]!]),
      );
      // Needed once, after training has failed: compiled on demand and not kept.
      const { session, feed } = await compile('training', outputs);
      const used = variablesOf(Object.values(outputs)).map(({ name }) => name);
      const results = await session.run({
        ...Object.fromEntries(pick(used)),
        ...feeds(feed, batch, progress),
      });
      await session.release();
      return new Map(
        parameters.map(({ name }) => [name, results[gradientName(name)]!.data as Float32Array] as const),
      );
    },
    evaluate: async (batch, index) => {
      const given = feeds(evaluate.feed, batch, evaluationProgress(index));
      const [losses] = readLosses(
        await evaluate.session.run({ ...Object.fromEntries(pick(evaluated)), ...given }),
      );
      return losses!;
    },
    weights: async () => copies(pick(kept)),
    state: async () => copies(Object.entries(state)),
    restore: async (given) => {
      for (const [name, { data }] of Object.entries(state)) {
        (data as Float32Array).set(stateValue(given, name, data.length));
      }
    },
    dispose: async () => {
      if (profile !== undefined) train.session.endProfiling();
      await train.session.release();
      await evaluate.session.release();
    },
  };
};

/**
 * The inputs of a run other than the state: the rows, `[steps, N, features]` if `steps` is given, and the
 * session's own feeds.
 */
function feedTensors(
  rows: Input,
  { data, rowCount, width }: Matrix,
  own: ReturnType<Feeder>,
  steps?: number,
): OrtTensors {
  const shape = [...(steps === undefined ? [] : [steps]), rowCount, width];
  const values = data.subarray(0, sizeOf(shape));
  return {
    [rows.name]: new ort.Tensor('float32', values, shape),
    ...Object.fromEntries(
      [...own].map(([name, feed]) => [name, new ort.Tensor('float32', feed.data, [...feed.shape])] as const),
    ),
  };
}

/** Limit of steps per run, since Ctrl-C and the progress bar wait for a whole run. */
const MAX_STEPS = 16;
/** Memory that the rows and the noise of one run may always take. */
const MIN_BUDGET_BYTES = 2 ** 24;

/**
 * As many steps as fit into 16 MiB or, for large models, whose state is slow to copy, into twice the
 * parameters' size.
 */
function stepsAtOnce(inputs: readonly Input[], parameters: readonly Variable[], batchSize: number): number {
  const valuesOf = ({ shape }: Input) =>
    sizeOf(shape.map((size) => (typeof size === 'string' ? batchSize : size)));
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  const perStep = 4 * sum(inputs.map(valuesOf));
  const budget = Math.max(MIN_BUDGET_BYTES, 2 * 4 * sum(parameters.map(({ shape }) => sizeOf(shape))));
  return Math.max(1, Math.min(MAX_STEPS, Math.floor(budget / perStep)));
}

function copies(tensors: readonly (readonly [string, ort.Tensor])[]): Weights {
  return new Map(tensors.map(([name, { data }]) => [name, (data as Float32Array).slice()]));
}

/** Takes the state for the next run from the results of this one. */
function nextState(
  updates: ReadonlyMap<Variable, Value>,
  results: ort.InferenceSession.OnnxValueMapType,
): OrtTensors {
  return Object.fromEntries(
    [...updates.keys()].map(({ name }) => [name, results[nextName(name)] as ort.Tensor]),
  );
}

const LOSSES = [
  'loss',
  'reconstructionLoss',
  'regularisationLoss',
] as const satisfies readonly (keyof Losses)[];

function lossOutputs(values: Record<keyof Losses, Value>): Record<keyof Losses, Value> {
  return Object.fromEntries(LOSSES.map((name) => [name, values[name]])) as Record<keyof Losses, Value>;
}

/** The losses of every step. */
function readLosses(results: ort.InferenceSession.OnnxValueMapType): Losses[] {
  const [loss, reconstructionLoss, regularisationLoss] = LOSSES.map(
    (name) => (results[name] as ort.Tensor).data as Float32Array,
  ) as [Float32Array, Float32Array, Float32Array];
  return Array.from(loss, (value, i) => ({
    loss: value,
    reconstructionLoss: reconstructionLoss[i]!,
    regularisationLoss: regularisationLoss[i]!,
  }));
}

function nextName(name: string): string {
  return `next/${name}`;
}

function gradientName(name: string): string {
  return `gradient/${name}`;
}

function nextValues(updates: ReadonlyMap<Variable, Value>): Record<string, Value> {
  return Object.fromEntries([...updates].map(([{ name }, value]) => [nextName(name), value]));
}

function createSession(model: Uint8Array, threads: number, profile?: string): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
  });
}
