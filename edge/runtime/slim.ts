/**
 * Sessions of the slim onnxruntime-web, without functions that no bundled model needs; it loads models of the
 * same operators.
 */
import slim from 'latentedge:slim';
import { factory } from './factory.ts';
import { createSession, releaseSession, type StartedRuntime, startRuntime } from './frozen/create.ts';
import { runGraph } from './frozen/run.ts';
import { trapped } from './frozen/sessions.ts';
import { TrapError } from './runtime.ts';
import type { OpenSession, Session } from './session.ts';

let starting: Promise<StartedRuntime> | undefined;

/** Returns the only instance; the first call loads its WebAssembly. */
function start(): Promise<StartedRuntime> {
  starting ??= slim
    .load()
    .then((module) => startRuntime(factory, module, slim.layout))
    .catch((error) => {
      starting = undefined;
      throw error;
    });
  return starting;
}

/**
 * Loads ONNX bytes into the slim runtime. After a trap, its sessions are lost, and later ones use a fresh
 * instance.
 * @throws {Error} if it refuses the graph, or lacks a function that the graph needs.
 */
export const openSlimSession: OpenSession = async (bytes) => {
  const current = start();
  const started = await current;
  const isLost = (): boolean => starting !== current;
  const discard = (): void => {
    if (!isLost()) starting = undefined;
  };
  const graph = await createSession(started, bytes).catch((error) => {
    if (error instanceof WebAssembly.RuntimeError) discard();
    throw error;
  });
  const run: Session['run'] = async (inputs, outputs) => {
    if (isLost()) throw new Error('the runtime of this session stopped; open the graph again');
    try {
      return runGraph(started.instance, graph, inputs, outputs);
    } catch (error) {
      if (!(error instanceof TrapError)) throw error;
      discard();
      throw trapped('the slim runtime', inputs, error);
    }
  };
  return {
    inputNames: graph.inputs.map(({ name }) => name),
    outputNames: graph.outputs.map(({ name }) => name),
    run,
    release: async () => {
      if (!isLost()) releaseSession(started, graph);
    },
    get isLost() {
      return isLost();
    },
  };
};
