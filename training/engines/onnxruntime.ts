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
import { toOnnx } from '../graph/onnx.ts';
import type { Value, Variable } from '../graph/types.ts';
import type { Engine, Losses, Program } from './engine.ts';

type Tensors = Record<string, ort.Tensor>;

export const onnxruntime: Engine = async (program, { threads = availableParallelism() }) => {
  const { rows, parameters, step } = program;
  const updates = program.optimizer.update(parameters, gradients(step.loss, parameters));
  const state = [...updates.keys()];
  const losses = lossOutputs(program);
  const trainSession = await createSession('train', program, { ...losses, ...nextValues(updates) }, threads);
  const evaluateSession = await createSession('evaluate', program, losses, threads);

  const lossTensors: Tensors = Object.fromEntries(
    Object.keys(losses).map((name) => [name, new ort.Tensor('float32', new Float32Array(1), [])]),
  );
  const a = tensorsOf(state, (variable) => variable.initial.slice());
  const b = tensorsOf(state, (variable) => new Float32Array(variable.initial.length));
  const turns = [
    { reads: a, writes: { ...lossTensors, ...asNext(b) } },
    { reads: b, writes: { ...lossTensors, ...asNext(a) } },
  ] as const;
  let turn: 0 | 1 = 0;
  const currentParameters = () => parameters.map(({ name }) => [name, turns[turn].reads[name]!] as const);
  const feed = (batch: Matrix) => new ort.Tensor('float32', batch.data, [batch.rowCount, batch.width]);

  return {
    description: `onnxruntime-node ${ort.env.versions.node}, cpu, ${threads} thread${threads === 1 ? '' : 's'}`,
    train: async (batch) => {
      const { reads, writes } = turns[turn];
      await trainSession.run({ ...reads, [rows.name]: feed(batch) }, writes);
      turn = turn === 0 ? 1 : 0;
      return readLosses(lossTensors);
    },
    evaluate: async (batch) => {
      const feeds = { ...Object.fromEntries(currentParameters()), [rows.name]: feed(batch) };
      await evaluateSession.run(feeds, lossTensors);
      return readLosses(lossTensors);
    },
    weights: async () =>
      new Map(currentParameters().map(([name, { data }]) => [name, (data as Float32Array).slice()])),
    dispose: async () => {
      await trainSession.release();
      await evaluateSession.release();
    },
  };
};

function lossOutputs({ step }: Program): Record<keyof Losses, Value> {
  const { loss, reconstructionLoss, regularisationLoss } = step;
  return { loss, reconstructionLoss, regularisationLoss };
}

function readLosses(tensors: Tensors): Losses {
  const read = (name: keyof Losses) => (tensors[name]!.data as Float32Array)[0]!;
  return {
    loss: read('loss'),
    reconstructionLoss: read('reconstructionLoss'),
    regularisationLoss: read('regularisationLoss'),
  };
}

function nextName(name: string): string {
  return `next/${name}`;
}

function nextValues(updates: ReadonlyMap<Variable, Value>): Record<string, Value> {
  return Object.fromEntries([...updates].map(([{ name }, value]) => [nextName(name), value]));
}

function tensorsOf(variables: readonly Variable[], data: (variable: Variable) => Float32Array): Tensors {
  return Object.fromEntries(
    variables.map((variable) => [
      variable.name,
      new ort.Tensor('float32', data(variable), [...variable.shape]),
    ]),
  );
}

function asNext(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [nextName(name), tensor]));
}

function createSession(
  name: string,
  { rows }: Program,
  outputs: Record<string, Value>,
  threads: number,
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(toOnnx({ name, inputs: [rows], outputs }), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
}
