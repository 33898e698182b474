/** The sessions of a frozen runtime. */
import type { Tensors } from '../../../shared/tensor.ts';
import { type FrozenSessions, type GraphIdentity, TrapError } from '../runtime.ts';
import type { Session } from '../session.ts';
import type { FrozenGraph } from './image.ts';
import type { Instance } from './instance.ts';
import { runGraph } from './run.ts';
import { type FrozenRuntime, thaw } from './thaw.ts';

/**
 * Thaws the runtime at once: called while the Worker starts, this is not part of any request. An instance
 * that traps is discarded, and the next request gets a fresh one.
 *
 * @example
 * const session = frozenSessions(frozen)('digits@0a1b2c3d4e5f/encoder', spec);
 */
export function frozenSessions(frozen: FrozenRuntime): FrozenSessions {
  let instance: Instance | undefined;
  let thawing: Promise<Instance> | undefined;
  const start = (): Promise<Instance> => {
    thawing ??= thaw(frozen).then(
      (thawed) => {
        instance = thawed;
        return thawed;
      },
      (error) => {
        thawing = undefined;
        throw error;
      },
    );
    return thawing;
  };
  const discard = (trapped: Instance): void => {
    if (instance !== trapped) return;
    instance = undefined;
    thawing = undefined;
  };
  // The first caller gets the rejection.
  start().catch(() => undefined);

  return (label, spec) => {
    const graph = frozen.description.graphs.find((each) => isOf(each, spec));
    if (!graph) return undefined;
    const run: Session['run'] = async (inputs, outputs, started) => {
      const used = instance ?? (await start());
      started?.();
      try {
        // Synchronous: runs cannot overlap.
        return runGraph(used, graph, inputs, outputs);
      } catch (error) {
        if (!(error instanceof TrapError)) throw error;
        discard(used);
        throw trapped(label, inputs, error);
      }
    };
    return {
      inputNames: spec.inputs.map(({ name }) => name),
      outputNames: spec.outputs.map(({ name }) => name),
      run,
      release: async () => undefined,
    };
  };
}

/** True if a graph was frozen from these bytes, with these tensors. */
function isOf(graph: FrozenGraph, { sha256, inputs, outputs }: GraphIdentity): boolean {
  const names = (tensors: readonly { readonly name: string }[]) => tensors.map(({ name }) => name).join();
  return (
    graph.sha256 === sha256 &&
    names(graph.inputs) === names(inputs) &&
    names(graph.outputs) === names(outputs)
  );
}

/** Adds the graph and the shapes of its inputs to the error. */
export function trapped(label: string, inputs: Tensors, cause: TrapError): TrapError {
  const shapes = Object.entries(inputs).map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
  return new TrapError(`${label} with ${shapes.join(', ')}: ${cause.message}`, { cause: cause.cause });
}
