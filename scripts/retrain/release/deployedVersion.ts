/** Versions of the Worker, by what they were built from. */
import { isDeepStrictEqual } from 'node:util';
import { InputError } from '../../../shared/errors.ts';
import { BUNDLED, type BundledRecord, parseRecord } from '../../worker/bundledRecord.ts';
import { deployCommand } from '../nextCommand.ts';
import type { Binding, WorkersApi, WorkerVersion } from './workersApi.ts';

export interface DeployedVersion extends BundledRecord {
  /** Id of the version of the Worker. */
  readonly id: string;
  /** Bindings, variables and names of secrets, without the record; in the order of their names. */
  readonly bindings: readonly Binding[];
  readonly runtime: unknown;
}

/** Reads what a version of the Worker was built from; undefined if it does not tell. */
export function bundledIn({ id, resources }: WorkerVersion): DeployedVersion | undefined {
  const record = resources.bindings.find(({ name }) => name === BUNDLED);
  const known = typeof record?.text === 'string' ? parseRecord(record.text) : undefined;
  if (known === undefined) return undefined;
  const bindings = resources.bindings
    .filter(({ name }) => name !== BUNDLED)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { ...known, id, bindings, runtime: resources.script_runtime };
}

/**
 * Reads what a deployed version of the Worker was built from.
 * @throws {InputError} if it does not tell, because something else than `npm run deploy` has deployed it.
 */
export async function deployedVersion(api: WorkersApi, id: string): Promise<DeployedVersion> {
  const version = await api.version(id);
  const known = version && bundledIn(version);
  if (known !== undefined) return known;
  throw new InputError(
    `version ${id} of the Worker does not tell which models it has (variable ${BUNDLED}): expected one that "${deployCommand()}" has deployed`,
    { next: `to deploy it, once: ${deployCommand()}` },
  );
}

/** True if two versions have the same code, settings and models, with the exception of one model. */
export function isSameButFor(a: DeployedVersion, b: DeployedVersion, model: string): boolean {
  return a.code === b.code && changedSettings(a, b).length === 0 && hasSameOthers(a, b, model);
}

/** True if two versions have the same models, with the exception of one. */
export function hasSameOthers(a: DeployedVersion, b: DeployedVersion, model: string): boolean {
  const others = ({ models }: DeployedVersion) => ({ ...models, [model]: '' });
  return isDeepStrictEqual(others(a), others(b));
}

/** Names the bindings, variables and secrets in which two versions differ. */
export function changedSettings(a: DeployedVersion, b: DeployedVersion): string[] {
  const names = new Set([...a.bindings, ...b.bindings].map(({ name }) => name));
  const find = ({ bindings }: DeployedVersion, name: string) => bindings.find((each) => each.name === name);
  const changed = [...names].filter((name) => !isDeepStrictEqual(find(a, name), find(b, name)));
  return isDeepStrictEqual(a.runtime, b.runtime) ? changed : [...changed, 'the compatibility date or flags'];
}
