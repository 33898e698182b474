/**
 * The program of an isolate that holds the frozen module of one version: graphs on tensors, and nothing else. It has no
 * bindings and no network; requests, keys and limits are the main Worker's.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import frozen from 'latentedge:frozen';
import type { Tensors } from '../../../shared/tensor.ts';
import { factory } from '../factory.ts';
import { sessionsOf } from '../frozen/sessions.ts';
import { beginThaw } from '../frozen/thaw.ts';
import { TrapError } from '../runtime.ts';
import type { RunAnswer, RunnerStub } from './loader.ts';
import { EmptyError, pieceByPiece } from './pieces.ts';

const { module, description } = frozen;
const instances = pieceByPiece(() => beginThaw({ module, description, factory }));
const sessions = sessionsOf(description, instances);
/** By the sha256 of the graph. The Worker adds its name to messages. */
const known = new Map(description.graphs.map((graph) => [graph.sha256, sessions('a run', graph)]));

export default class Runner extends WorkerEntrypoint implements RunnerStub {
  async pieces(): Promise<number> {
    return instances.pieces();
  }

  async take(index: number, of: number, piece: ArrayBuffer): Promise<number> {
    return instances.take(index, of, piece);
  }

  async run(sha256: string, inputs: Tensors, outputs: readonly string[]): Promise<RunAnswer> {
    try {
      const session = known.get(sha256);
      if (session === undefined) throw new Error(`${sha256}: is not in this image`);
      return { outputs: await session.run(inputs, outputs) };
    } catch (error) {
      if (error instanceof EmptyError) return { isEmpty: true };
      const { message } = error as Error;
      return { failed: message, isTrap: error instanceof TrapError };
    }
  }
}
