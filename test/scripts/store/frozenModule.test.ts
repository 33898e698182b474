import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readModule, type StoredModule, writeModule } from '../../../scripts/store/frozenModule.ts';
import { publishArtifact } from '../../../scripts/store/publish.ts';
import { InputError } from '../../../shared/errors.ts';
import { frozenManifest } from '../../../shared/frozenModule.ts';
import { sha256 } from '../../../training/artifact/artifact.ts';
import { storedArtifact } from '../../support/artifacts/storedArtifact.ts';
import { memoryBucket } from '../../support/data/nights/memoryBucket.ts';

const artifact = storedArtifact({ name: 'linear' });
const { name, version } = artifact.manifest;

/** A module whose files hold a text each. */
function moduleOf(text: string): StoredModule {
  const files = new Map<string, Uint8Array>();
  const add = (name: string) => {
    const bytes = new TextEncoder().encode(`${name} ${text}`);
    const hash = sha256(bytes);
    const file = name.replace('.', `-${hash.slice(0, 12)}.`);
    files.set(file, bytes);
    return { file, sha256: hash, bytes: bytes.length };
  };
  const manifest = frozenManifest({
    ...{ name, version, onnxruntime: '1.30.0', compatibilityDate: '2026-04-01' },
    parts: [
      {
        ...{ graphs: [artifact.manifest.graphs.encoder.sha256], runs: 1 },
        files: { runner: add('runner.js'), wasm: add('runtime.wasm'), description: add('description.json') },
        image: [add('image.bin')],
      },
    ],
  });
  return { manifest, files };
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'latentedge-module-'));
});
afterEach(() => rm(directory, { recursive: true }));
const onDisk = () => ({ directory, manifest: artifact.manifest });

test('is read as it was written, and another one takes its place with all files', async () => {
  expect(await readModule(onDisk())).toBeUndefined();
  await writeModule(onDisk(), moduleOf('one'));
  await writeModule(onDisk(), moduleOf('two'));
  const texts = ({ files }: StoredModule) =>
    [...files].map(([file, bytes]) => [file, new TextDecoder().decode(bytes)]);
  const read = (await readModule(onDisk()))!;
  expect(read.manifest).toEqual(moduleOf('two').manifest);
  expect(texts(read)).toEqual(texts(moduleOf('two')));
  expect(await readdir(directory)).toEqual(['frozen']);
  expect(await readdir(join(directory, 'frozen'))).toHaveLength(5);
});

test('is refused if a file differs from its hash, is missing, or belongs to another version', async () => {
  const module = moduleOf('one');
  const folder = await writeModule(onDisk(), module);
  const { file } = module.manifest.parts[0]!.image[0]!;
  await writeFile(join(folder, file), 'something else');
  await expect(readModule(onDisk())).rejects.toThrow(/image-\w+\.bin: expected sha256 .* --as-module/);
  await rm(join(folder, file));
  await expect(readModule(onDisk())).rejects.toThrow('received no file');
  const other = { ...onDisk(), manifest: { ...artifact.manifest, version: 'fedcba987654' } };
  await expect(readModule(other)).rejects.toThrow(InputError);
  await writeFile(join(folder, 'frozen.json'), '{');
  await expect(readModule(onDisk())).rejects.toThrow(InputError);
});

test('is published with the version, and again without touching the files of the former one', async () => {
  const bucket = memoryBucket();
  const keys = async () => (await bucket.list({ prefix: `${name}/${version}/frozen/` })).objects.length;
  await publishArtifact(bucket, { ...artifact, frozen: moduleOf('one') });
  expect(await keys()).toBe(5);
  await publishArtifact(bucket, { ...artifact, frozen: moduleOf('two') });
  expect(await keys()).toBe(9);
  const stored = await bucket.get(`${name}/${version}/frozen/frozen.json`);
  expect(JSON.parse(new TextDecoder().decode(await stored!.arrayBuffer()))).toEqual(moduleOf('two').manifest);
});
