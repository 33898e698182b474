/** The served models: finding them, loading them on first use, and running their operations. */
import {
  type GraphName,
  graphSpec,
  type Manifest,
  OPERATIONS,
  type OperationName,
} from '../shared/manifest.ts';
import type { Matrix } from '../shared/tensor.ts';
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
  async find(reference: string): Promise<Manifest> {
    return findManifest(await this.#source.list(), reference);
  }

  /**
   * One operation's output for `[N, input width]` rows or codes: `[N, output width]`.
   * @throws {ProblemError} `model-unavailable` where the graph cannot be loaded.
   */
  async run(manifest: Manifest, operation: OperationName, matrix: Matrix): Promise<Matrix> {
    const { graph, input } = OPERATIONS[operation];
    const session = await this.#session(manifest, graph);
    const [answer] = graphSpec(manifest, graph).outputs;
    if (answer === undefined)
      throw new Error(`${graph} of ${manifest.name}@${manifest.version} has no output`);
    const results = await session.run({ [input]: matrix }, [answer.name]);
    return results[answer.name]!;
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
