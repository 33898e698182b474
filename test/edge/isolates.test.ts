/** Isolates on a stand-in for Cloudflare's loader, which, as theirs, has one isolate for each id, and no end on request. */
import { expect, test } from 'vitest';
import type { FrozenModule } from '../../edge/runtime/isolates/frozenModule.ts';
import { createIsolates } from '../../edge/runtime/isolates/isolates.ts';
import type { RunnerStub, WorkerCode, WorkerLoader } from '../../edge/runtime/isolates/loader.ts';
import { TrapError } from '../../edge/runtime/runtime.ts';
import { frozenManifest } from '../../shared/frozenModule.ts';
import type { NumberTensor, Tensors } from '../../shared/tensor.ts';

const SHA256 = 'a'.repeat(64);
const VERSION = 'linear@0123456789ab';
const SPEC = { sha256: SHA256, inputs: [{ name: 'rows' }], outputs: [{ name: 'code' }] };

const file = (name: string) => ({ file: name, sha256: SHA256, bytes: 2 });
const partOf = (sha256: string) => ({
  ...{ graphs: [sha256], runs: 1 },
  files: {
    runner: file('runner-0123456789ab.js'),
    wasm: file('runtime-0123456789ab.wasm'),
    description: file('description-0123456789ab.json'),
  },
  image: [file('image-0123456789ab.bin'), file('image-ba9876543210.bin')],
});
const manifest = frozenManifest({
  ...{ name: 'linear', version: '0123456789ab', onnxruntime: '1.30.0', compatibilityDate: '2026-04-01' },
  parts: [partOf(SHA256)],
});
const MODULE: FrozenModule = {
  manifest,
  hash: 'fedcba987654',
  file: async ({ file }) => new TextEncoder().encode(file.startsWith('image') ? file : '{}'),
};
const PIECES = ['image-0123456789ab.bin', 'image-ba9876543210.bin'];
const ID = `${VERSION}+fedcba987654`;

/** A loader whose isolates answer their inputs. Those of the ids in `ended` end as soon as they are called. */
function standIn(ended: readonly string[] = []) {
  const isolates = new Map<string, Promise<WorkerCode>>();
  const received: Tensors[] = [];
  /** The pieces of the image that each has, by its id. */
  const taken = new Map<string, string[]>();
  const loader: WorkerLoader = {
    get: (id, code) => {
      if (!isolates.has(id)) isolates.set(id, code());
      const started = isolates.get(id)!;
      return {
        getEntrypoint: (): RunnerStub => ({
          pieces: async () => {
            await started;
            return taken.get(id)?.length ?? 0;
          },
          take: async (index, of, piece) => {
            const own = taken.get(id) ?? [];
            taken.set(id, own);
            expect(of).toBe(2);
            if (index === own.length) own.push(new TextDecoder().decode(piece));
            return own.length;
          },
          run: async (_, inputs, [output]) => {
            await started;
            if (ended.includes(id)) throw new Error('Worker exceeded memory limit.');
            if (taken.get(id)?.length !== 2) return { isEmpty: true };
            received.push(inputs);
            if (output === 'refused') return { failed: 'OrtRun: Non-zero status code', isTrap: false };
            if (output === 'trap') return { failed: 'the runtime trapped', isTrap: true };
            return { outputs: { code: inputs.rows as NumberTensor } };
          },
        }),
      };
    },
  };
  return {
    loader,
    received,
    taken,
    ids: () => [...isolates.keys()],
    codes: () => Promise.all(isolates.values()),
  };
}

const ends: string[] = [];
const isolatesOf = (loader: WorkerLoader) =>
  createIsolates(loader, (version, error) => ends.push(`${version}: ${(error as Error).message}`));
const open = async () => MODULE;
const tensor = (...data: number[]): NumberTensor => ({
  ...{ dtype: 'float32', shape: [1, data.length] },
  data: Float32Array.from(data),
});

test('has no bindings and no network, and knows nothing but its files', async () => {
  const { loader, codes } = standIn();
  await isolatesOf(loader).session(VERSION, 'encoder', SPEC, open);
  const [code] = await codes();
  expect(code).toMatchObject({ env: {}, globalOutbound: null, mainModule: 'runner.js' });
  expect(Object.keys(code!.modules)).toEqual(['runner.js', 'runtime.wasm', 'description.json']);
});

test('has its image in pieces, again once it has lost it, and never twice at the same time', async () => {
  const { loader, ids, taken } = standIn();
  const isolates = isolatesOf(loader);
  const session = (await isolates.session(VERSION, 'encoder', SPEC, open))!;
  const run = async () => [...(await session.run({ rows: tensor(1) }, ['code'])).code.data];
  expect(taken.get(ID)).toEqual(PIECES);
  // Another isolate of the Worker is about to send the second one.
  taken.set(ID, PIECES.slice(0, 1));
  expect(await Promise.all([run(), run(), run()])).toEqual([[1], [1], [1]]);
  taken.delete(ID);
  expect(await run()).toEqual([1]);
  expect(taken.get(ID)).toEqual(PIECES);
  expect(ids()).toEqual([ID]);
  expect(isolates.states()).toMatchObject([{ starts: 1, replaced: 0 }]);
});

test('calls side by side of an isolate that ended are answered by the one that replaces it', async () => {
  const { loader, ids } = standIn([ID]);
  const isolates = isolatesOf(loader);
  const session = (await isolates.session(VERSION, 'encoder', SPEC, open))!;
  const calls = Array.from({ length: 5 }, (_, i) => session.run({ rows: tensor(i) }, ['code']));
  for (const [i, { code }] of (await Promise.all(calls)).entries()) expect([...code.data]).toEqual([i]);
  expect(ids()).toEqual([ID, `${ID}.1`]);
  expect(isolates.states()).toEqual([{ version: VERSION, part: 1, starts: 2, replaced: 1 }]);
  // A reload asks for the module again, not for another isolate.
  isolates.forget();
  await isolates.session(VERSION, 'encoder', SPEC, open);
  expect(isolates.states()).toEqual([{ version: VERSION, part: 1, starts: 2, replaced: 1 }]);
  expect(ends.splice(0)).toEqual([`${VERSION}: Worker exceeded memory limit.`]);
});

test('two ends in a row are a trap, after which there is no isolate for a while, and then another one', async () => {
  const { loader, ids } = standIn([ID, `${ID}.1`]);
  const isolates = isolatesOf(loader);
  const session = (await isolates.session(VERSION, 'encoder', SPEC, open))!;
  await expect(session.run({ rows: tensor(1) }, ['code'])).rejects.toThrow(TrapError);
  await expect(isolates.session(VERSION, 'encoder', SPEC, open)).rejects.toThrow('ended, and so did');
  expect(ids()).toEqual([ID, `${ID}.1`]);
  isolates.forget();
  const next = (await isolates.session(VERSION, 'encoder', SPEC, open))!;
  expect((await next.run({ rows: tensor(2) }, ['code'])).code.data).toEqual(Float32Array.of(2));
  expect(ids()).toEqual([ID, `${ID}.1`, `${ID}.2`]);
});

test('a start that failed is not repeated at once, and then under another id', async () => {
  const { loader, ids } = standIn();
  const isolates = isolatesOf(loader);
  const damaged = async (): Promise<FrozenModule> => ({
    ...MODULE,
    file: () => Promise.reject(new Error('image: expected sha256')),
  });
  for (let i = 0; i < 3; i++)
    await expect(isolates.session(VERSION, 'encoder', SPEC, damaged)).rejects.toThrow('expected sha256');
  expect(ids()).toEqual([ID]);
  expect(isolates.states()).toEqual([]);
  isolates.forget();
  expect(await isolates.session(VERSION, 'encoder', SPEC, open)).toBeDefined();
  expect(ids()).toEqual([ID, `${ID}.1`]);
});

test('each part of a version has an isolate of its own, which starts when one of its graphs is asked for', async () => {
  const { loader, ids } = standIn([ID]);
  const isolates = isolatesOf(loader);
  const second = { ...SPEC, sha256: 'b'.repeat(64) };
  let reads = 0;
  const both = async (): Promise<FrozenModule> => {
    reads++;
    return { ...MODULE, manifest: { ...manifest, parts: [partOf(SHA256), partOf(second.sha256)] } };
  };
  expect(
    await isolates.session(VERSION, 'similar', { ...SPEC, sha256: 'c'.repeat(64) }, both),
  ).toBeUndefined();
  expect(ids()).toEqual([]);
  const decoder = (await isolates.session(VERSION, 'decoder', second, both))!;
  expect((await decoder.run({ rows: tensor(3) }, ['code'])).code.data).toEqual(Float32Array.of(3));
  expect(ids()).toEqual([`${ID}/2`]);
  // The end of one leaves the other alone.
  const encoder = (await isolates.session(VERSION, 'encoder', SPEC, both))!;
  expect((await encoder.run({ rows: tensor(4) }, ['code'])).code.data).toEqual(Float32Array.of(4));
  expect(ids()).toEqual([`${ID}/2`, ID, `${ID}.1`]);
  expect(isolates.states()).toEqual([
    { version: VERSION, part: 2, starts: 1, replaced: 0 },
    { version: VERSION, part: 1, starts: 2, replaced: 1 },
  ]);
  expect(reads).toBe(1);
  ends.length = 0;
});

test('answers of the program are told apart from its end', async () => {
  const { loader, ids } = standIn();
  const isolates = isolatesOf(loader);
  const run = async (output: string) =>
    (await isolates.session(VERSION, 'encoder', SPEC, open))!.run({ rows: tensor(1) }, [output]);
  await expect(run('refused')).rejects.toThrow('Non-zero status code');
  await expect(run('refused')).rejects.not.toThrow(TrapError);
  await expect(run('trap')).rejects.toThrow(TrapError);
  await expect(run('trap')).rejects.toThrow('encoder: the runtime trapped');
  expect(ids()).toEqual([ID]);
});

test('rows of a larger buffer are sent without the rest of it', async () => {
  const { loader, received } = standIn();
  const session = (await isolatesOf(loader).session(VERSION, 'encoder', SPEC, open))!;
  const data = Float32Array.of(1, 2, 3, 4).subarray(2);
  const { code } = await session.run({ rows: { dtype: 'float32', shape: [1, 2], data } }, ['code']);
  expect([...code.data]).toEqual([3, 4]);
  const [sent] = received;
  expect((sent!.rows!.data as Float32Array).buffer.byteLength).toBe(8);
});

test('a version without a module, or a graph that is not in it, has no isolate', async () => {
  const { loader, ids } = standIn();
  const isolates = isolatesOf(loader);
  expect(await isolates.session(VERSION, 'encoder', SPEC, async () => undefined)).toBeUndefined();
  expect(ids()).toEqual([]);
  isolates.forget();
  const other = { ...SPEC, sha256: 'b'.repeat(64) };
  expect(await isolates.session(VERSION, 'encoder', other, open)).toBeUndefined();
});
