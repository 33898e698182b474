/**
 * The program of an isolate that holds the frozen module of one version: graphs on tensors, and nothing else. It has no
 * bindings and no network; requests, keys and limits are the main Worker's.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import frozen from 'latentedge:frozen';
import type { Tensors } from '../../../shared/tensor.ts';
import { factory } from '../factory.ts';
import { runGraph } from '../frozen/run.ts';
import { trapped } from '../frozen/sessions.ts';
import { beginThaw } from '../frozen/thaw.ts';
import { TrapError } from '../runtime.ts';
import type { RunAnswer, RunnerStub } from './loader.ts';
import { pieceByPiece } from './pieces.ts';

const { module, description } = frozen;
const instances = pieceByPiece(() => beginThaw({ module, description, factory }));
const graphs = new Map(description.graphs.map((graph) => [graph.sha256, graph]));

export default class Runner extends WorkerEntrypoint implements RunnerStub {
  async pieces(): Promise<number> {
    return instances.pieces();
  }

  async take(index: number, of: number, piece: ArrayBuffer): Promise<number> {
    return instances.take(index, of, piece);
  }

  async run(sha256: string, inputs: Tensors, outputs: readonly string[]): Promise<RunAnswer> {
    const instance = instances.get();
    if (instance === undefined) return { isEmpty: true };
    try {
      const graph = graphs.get(sha256);
      if (graph === undefined) throw new Error(`${sha256}: is not in this image`);
      // Synchronous: runs cannot overlap.
      return { outputs: runGraph(instance, graph, inputs, outputs) };
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof TrapError)) return { failed: message, isTrap: false };
      instances.discard(instance);
      // The Worker adds the name of the graph.
      return { failed: trapped('a run', inputs, error).message, isTrap: true };
    }
  }
}
