/**
 * Checkpoints: the state of a run after an epoch, in `{out}/{model}/.checkpoint/latest`, written atomically.
 *
 * The file holds a format line, a line of JSON (the run's identity, its history, the arrays' names and
 * lengths), the arrays as float32 in this machine's byte order, and a sha256 of everything before it.
 * Shuffling and noise are functions of the seed and the progress, so no generator state is stored.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { replaceFile } from '../files.ts';
import type { Weights } from '../graph/types.ts';
import type { Epoch, Snapshot } from './fit.ts';

/** Facts, by name, that must be equal for one run to continue another: settings, data, seed, engine. */
export type RunIdentity = Readonly<Record<string, unknown>>;

export interface CheckpointStore {
  readonly path: string;
  readonly save: (snapshot: Snapshot) => Promise<void>;
  /**
   * Returns the last snapshot, or undefined if there is none.
   * @throws {InputError} if it is damaged or belongs to a different run, naming the difference.
   */
  readonly load: () => Promise<Snapshot | undefined>;
  readonly remove: () => Promise<void>;
}

interface CheckpointHeader {
  readonly identity: RunIdentity;
  readonly history: readonly Epoch[];
  readonly bestEpoch: number;
  /** Names and lengths of the arrays, in file order. */
  readonly state: readonly (readonly [string, number])[];
  readonly best: readonly (readonly [string, number])[];
}

const FORMAT = 'latentedge checkpoint 1';
const SHA256_BYTES = 32;

export function checkpointPath(out: string, model: string): string {
  return join(out, model, '.checkpoint', 'latest');
}

export function checkpointStore(path: string, identity: RunIdentity): CheckpointStore {
  return {
    path,
    save: async (snapshot) => {
      await mkdir(dirname(path), { recursive: true });
      await replaceFile(path, encode(identity, snapshot));
    },
    load: async () => {
      const bytes = await readIfThere(path);
      if (bytes === undefined) return undefined;
      const { header, snapshot } = decode(path, bytes);
      requireSameRun(path, header.identity, identity);
      return snapshot;
    },
    remove: () => rm(dirname(path), { recursive: true, force: true }),
  };
}

/** Yields the file's bytes array by array, so that writing needs no copy. */
function* encode(identity: RunIdentity, { history, state, best }: Snapshot): Generator<Uint8Array> {
  const sizes = (weights: Weights) => [...weights].map(([name, { length }]) => [name, length] as const);
  const header: CheckpointHeader = {
    identity,
    history,
    bestEpoch: best.epoch,
    state: sizes(state),
    best: sizes(best.weights),
  };
  const hash = createHash('sha256');
  const arrays = [...state.values(), ...best.weights.values()];
  const chunks = [Buffer.from(`${FORMAT}\n${JSON.stringify(header)}\n`), ...arrays.map(float32Bytes)];
  for (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  yield hash.digest();
}

function float32Bytes({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function decode(
  path: string,
  bytes: Buffer,
): { readonly header: CheckpointHeader; readonly snapshot: Snapshot } {
  const content = bytes.subarray(0, -SHA256_BYTES);
  const recorded = bytes.subarray(-SHA256_BYTES);
  if (!createHash('sha256').update(content).digest().equals(recorded)) {
    throw new InputError(
      `${path}: expected an undamaged checkpoint, but its checksum does not match; start without --resume`,
    );
  }
  const formatEnd = content.indexOf('\n');
  const format = content.toString('utf8', 0, formatEnd);
  if (format !== FORMAT) {
    throw new InputError(`${path}: expected '${FORMAT}', received '${format}'; start without --resume`);
  }
  const headerEnd = content.indexOf('\n', formatEnd + 1);
  const header = JSON.parse(content.toString('utf8', formatEnd + 1, headerEnd)) as CheckpointHeader;
  let offset = headerEnd + 1;
  const read = (sizes: CheckpointHeader['state']): Weights =>
    new Map(
      sizes.map(([name, length]) => {
        const data = new Float32Array(length);
        float32Bytes(data).set(content.subarray(offset, offset + data.byteLength));
        offset += data.byteLength;
        return [name, data] as const;
      }),
    );
  const state = read(header.state);
  const best = { epoch: header.bestEpoch, weights: read(header.best) };
  return { header, snapshot: { history: header.history, state, best } };
}

function requireSameRun(path: string, recorded: RunIdentity, wanted: RunIdentity): void {
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(recorded)])) {
    const [received, expected] = [JSON.stringify(recorded[name]), JSON.stringify(wanted[name])];
    if (received === expected) continue;
    throw new InputError(
      `${path}: is the checkpoint of another run: expected ${name} ${expected}, received ${received}; resume with the same ${name}, or start without --resume, which replaces the checkpoint`,
    );
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
