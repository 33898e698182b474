/**
 * The default engine: onnxruntime-node runs the whole training step (forward, backward, update) as one session run.
 *
 * The state lives in two sets of preallocated tensors. A step reads one set and onnxruntime writes the other in
 * place, then they change roles: nothing is converted, copied or allocated between steps, so memory stays flat.
 */
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import type { Matrix } from '../../shared/tensor.ts';
import { gradients } from '../graph/autodiff.ts';
import { toOnnx, type Weights } from '../graph/onnx.ts';
import { inputsOf, variablesOf } from '../graph/traverse.ts';
import type { Progress, Value, Variable } from '../graph/types.ts';
import { scheduled } from '../graph/value.ts';
import type { Engine, Losses } from './engine.ts';
import { evaluationProgress, type Feeder, feeder } from './feeds.ts';
import { stateValue } from './state.ts';

type Tensors = Record<string, ort.Tensor>;

export const onnxruntime: Engine = async (program, { threads = availableParallelism() }) => {
  const { rows, parameters, training, evaluation, optimizer, seed } = program;
  const derivatives = gradients(training.loss, parameters);
  const prepared = optimizer.prepare?.(parameters, derivatives) ?? derivatives;
  const learningRate = scheduled('learning_rate', optimizer.learningRate);
  const steps = optimizer.update(parameters, prepared, learningRate);
  const updates = new Map([...steps, ...program.updates]);
  const compile = async (name: 'training' | 'evaluation', outputs: Record<string, Value>) => {
    const own = inputsOf(Object.values(outputs)).filter((each) => each !== rows);
    const model = toOnnx({ name, inputs: [rows, ...own], outputs });
    return { session: await createSession(model, threads), feed: feeder(own, seed, name) };
  };
  const train = await compile('training', { ...lossesOf(training), ...nextValues(updates) });
  const evaluate = await compile('evaluation', lossesOf(evaluation));

  const state = stateOf(updates);
  const lossTensors = emptyLosses();
  const kept = [...parameters, ...program.updates.keys()].map(({ name }) => name);
  const evaluated = variablesOf(Object.values(lossesOf(evaluation))).map(({ name }) => name);
  const pick = (names: readonly string[]) => names.map((name) => [name, state.reads()[name]!] as const);
  const feeds = (feed: Feeder, batch: Matrix, progress: Progress): Tensors => {
    const own = [...feed(batch.rowCount, progress)].map(([name, { data, shape }]) => {
      return [name, new ort.Tensor('float32', data, [...shape])] as const;
    });
    const given = new ort.Tensor('float32', batch.data, [batch.rowCount, batch.width]);
    return { ...Object.fromEntries(own), [rows.name]: given };
  };

  return {
    description: `onnxruntime-node ${ort.env.versions.node}, cpu, ${threads} thread${threads === 1 ? '' : 's'}`,
    train: async (batch, progress) => {
      const given = feeds(train.feed, batch, progress);
      await train.session.run({ ...state.reads(), ...given }, { ...lossTensors, ...state.writes() });
      const losses = readLosses(lossTensors);
      if (Number.isFinite(losses.loss)) state.swap();
      return losses;
    },
    gradients: async (batch, progress) => {
      const outputs = Object.fromEntries(
        parameters.map(({ name }, i) => [gradientName(name), derivatives[i]!]),
      );
      // Asked for once, when training has failed: compiled then, and not kept.
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
      await evaluate.session.run({ ...Object.fromEntries(pick(evaluated)), ...given }, lossTensors);
      return readLosses(lossTensors);
    },
    weights: async () => copies(pick(kept)),
    state: async () => copies(Object.entries(state.reads())),
    restore: async (given) => {
      for (const [name, { data }] of Object.entries(state.reads())) {
        (data as Float32Array).set(stateValue(given, name, data.length));
      }
    },
    dispose: async () => {
      await train.session.release();
      await evaluate.session.release();
    },
  };
};

function copies(tensors: readonly (readonly [string, ort.Tensor])[]): Weights {
  return new Map(tensors.map(([name, { data }]) => [name, (data as Float32Array).slice()]));
}

/** Two sets of tensors for the variables that a step changes. */
function stateOf(updates: ReadonlyMap<Variable, Value>) {
  const variables = [...updates.keys()];
  const tensors = (data: (variable: Variable) => Float32Array): Tensors =>
    Object.fromEntries(
      variables.map((variable) => [
        variable.name,
        new ort.Tensor('float32', data(variable), [...variable.shape]),
      ]),
    );
  const asNext = (set: Tensors) =>
    Object.fromEntries(Object.entries(set).map(([name, each]) => [nextName(name), each]));
  const a = tensors(({ initial }) => initial.slice());
  const b = tensors(({ initial }) => new Float32Array(initial.length));
  const turns = [
    { reads: a, writes: asNext(b) },
    { reads: b, writes: asNext(a) },
  ] as const;
  let turn: 0 | 1 = 0;
  return {
    reads: (): Tensors => turns[turn].reads,
    writes: (): Tensors => turns[turn].writes,
    swap: () => {
      turn = turn === 0 ? 1 : 0;
    },
  };
}

function lossesOf({ loss, reconstructionLoss, regularisationLoss }: Record<keyof Losses, Value>) {
  return { loss, reconstructionLoss, regularisationLoss };
}

function emptyLosses(): Record<keyof Losses, ort.Tensor> {
  const empty = () => new ort.Tensor('float32', new Float32Array(1), []);
  return { loss: empty(), reconstructionLoss: empty(), regularisationLoss: empty() };
}

function readLosses(tensors: Record<keyof Losses, ort.Tensor>): Losses {
  const read = (name: keyof Losses) => (tensors[name].data as Float32Array)[0]!;
  return {
    loss: read('loss'),
    reconstructionLoss: read('reconstructionLoss'),
    regularisationLoss: read('regularisationLoss'),
  };
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

function createSession(model: Uint8Array, threads: number): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
}
