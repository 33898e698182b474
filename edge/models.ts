/** The served models: finding them, loading them on first use, and running their operations. */
import { type GraphName, graphSpec, type Manifest } from '../shared/manifest.ts';
import type { NumberTensor, Tensors } from '../shared/tensor.ts';
import { ProblemError } from './problems.ts';
import { findManifest, sortManifests, versionsOf } from './registry/find.ts';
import type { ModelSource } from './registry/source.ts';
import { verifiedGraph } from './registry/verify.ts';
import { Memo } from './runtime/memo.ts';
import type { OpenSession, Session } from './runtime/session.ts';

export class Models {
  readonly #source: ModelSource;
  readonly #open: OpenSession;
  /** By model, version and graph; each is checked against its own manifest, so equal graphs are not shared. */
  readonly #sessions = new Memo<Session>();

  constructor(source: ModelSource, open: OpenSession) {
    this.#source = source;
    this.#open = open;
  }

  /** Every version of every model, by name, the newest version of each first. */
  async list(): Promise<readonly Manifest[]> {
    return sortManifests(await this.#source.list());
  }

  /** The versions served under `name`, newest first. */
  async versions(name: string): Promise<string[]> {
    return versionsOf(await this.#source.list(), name);
  }

  /** @throws {ProblemError} `unknown-model` or `unknown-version` for a `name[@version]` that is not served. */
  async find(reference: string, _routing?: () => string): Promise<Manifest> {
    return findManifest(await this.#source.list(), reference);
  }

  /**
   * The given outputs of one graph for all of its inputs.
   * @throws {ProblemError} `model-unavailable` where the graph cannot be loaded.
   *
   * @example
   * const { code } = await models.run(manifest, 'encoder', { rows: tensorOf(matrix) }, ['code']);
   */
  async run<Output extends string>(
    manifest: Manifest,
    graph: GraphName,
    inputs: Tensors,
    outputs: readonly Output[],
  ): Promise<Record<Output, NumberTensor>> {
    const session = await this.#session(manifest, graph);
    return session.run(inputs, outputs);
  }

  #session(manifest: Manifest, graph: GraphName): Promise<Session> {
    return this.#sessions.get(`${manifest.name}@${manifest.version}/${graph}`, async () => {
      try {
        const session = await this.#open(await verifiedGraph(this.#source, manifest, graph));
        await assertTensors(session, manifest, graph);
        return session;
      } catch (cause) {
        const detail = `${manifest.name}@${manifest.version} cannot be loaded at the moment.`;
        throw new ProblemError('model-unavailable', { detail }, { cause, headers: { 'Retry-After': '10' } });
      }
    });
  }
}

/** Refuses, and frees, a session whose graph has other tensors than the manifest says. */
async function assertTensors(session: Session, manifest: Manifest, graph: GraphName): Promise<void> {
  const { inputs, outputs } = graphSpec(manifest, graph);
  const expected = [...inputs, ...outputs].map(({ name }) => name);
  const received = [...session.inputNames, ...session.outputNames];
  if (expected.join() === received.join()) return;
  await session.release();
  throw new Error(`${graph}: expected tensors ${expected.join(', ')}, received ${received.join(', ')}`);
}
