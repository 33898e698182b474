/**
 * The program of an isolate that holds the frozen module of one version: graphs on tensors, and nothing else. It has no
 * bindings and no network; requests, keys and limits are the main Worker's.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import frozen from 'latentedge:frozen';
import type { Tensors } from '../../../shared/tensor.ts';
import { factory } from '../factory.ts';
import { frozenSessions } from '../frozen/sessions.ts';
import { TrapError } from '../runtime.ts';
import type { RunAnswer } from './loader.ts';

const sessions = frozenSessions({ ...frozen, factory });

export default class Runner extends WorkerEntrypoint {
  /** Resolves once the isolate has started, and thawed its image meanwhile. */
  async ready(): Promise<void> {}

  async run(label: string, sha256: string, inputs: Tensors, outputs: readonly string[]): Promise<RunAnswer> {
    try {
      const graph = frozen.description.graphs.find((each) => each.sha256 === sha256);
      const session = graph && sessions(label, graph);
      if (!session) throw new Error(`${label}: is not in this image`);
      return { outputs: await session.run(inputs, outputs) };
    } catch (error) {
      const { message } = error as Error;
      return { failed: message, isTrap: error instanceof TrapError };
    }
  }
}
