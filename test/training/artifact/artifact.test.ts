import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { artifactFolder } from '../../../scripts/cli/artifacts.ts';
import { InputError } from '../../../shared/errors.ts';
import { MANIFEST_SCHEMA_VERSION, type TrainedManifest } from '../../../shared/manifest.ts';
import {
  type Artifact,
  readArtifact,
  type TrainedArtifact,
  writeArtifact,
} from '../../../training/artifact/artifact.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

const SETTINGS = { hidden: [8], codeSize: 2, epochs: 3, learningRate: 0.01 };

function trainCurve(out: string, seed = 1): Promise<TrainedArtifact> {
  return train({ force: true, name: 'curve', data: curve(300), settings: SETTINGS, seed, out }).then(
    ({ artifact }) => artifact,
  );
}

describe('an artifact', () => {
  it('holds its graphs, its metrics, and every file by its hash', async () => {
    const { manifest, directory } = await trainCurve(temporaryFolder());
    expect(directory.endsWith(join('curve', manifest.version))).toBe(true);
    expect(readdirSync(directory).sort()).toEqual([
      'MODEL_CARD.md',
      'answers.json',
      'autoencoder.onnx',
      'decoder.onnx',
      'encoder.onnx',
      'evaluation.json',
      'history.json',
      'manifest.json',
      'map.bin',
      'metrics.json',
      'pca.onnx',
      'profile.json',
      'reduce.onnx',
      'report.html',
    ]);
    expect(manifest.graphs.encoder.inputs).toEqual([{ name: 'rows', dtype: 'float32', shape: ['N', 6] }]);
    expect(manifest.graphs.encoder.outputs).toEqual([{ name: 'code', dtype: 'float32', shape: ['N', 2] }]);
    expect(manifest.graphs.autoencoder.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['reconstruction', ['N', 6]],
      ['error', ['N']],
      ['feature_error', ['N', 6]],
    ]);
    expect(manifest.data.rows).toEqual({ train: 240, validation: 30, test: 30 });
    expect(manifest.parity.maxAbsDifference).toBeLessThanOrEqual(1e-5);
    expect(manifest.parity.batchSizes).toEqual([1, 64]);
    const { quantiles, threshold } = manifest.reconstructionError;
    expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
    expect(threshold).toBeCloseTo(quantiles[99]!, 6);
  });

  it('has the same bytes and version for the same seed, and different ones for another seed', async () => {
    const first = await trainCurve(temporaryFolder());
    const second = await trainCurve(temporaryFolder());
    const third = await trainCurve(temporaryFolder(), 2);
    expect(second.graphs).toEqual(first.graphs);
    expect(second.manifest.version).toBe(first.manifest.version);
    expect(third.manifest.version).not.toBe(first.manifest.version);
  });

  it('is left unchanged when it is trained again in the same place', async () => {
    const out = temporaryFolder();
    const first = await trainCurve(out);
    const second = await trainCurve(out);
    expect(second.manifest).toEqual(first.manifest);
    expect(readdirSync(join(out, 'curve'))).toEqual([first.manifest.version]);
  });
});

describe('reading', () => {
  let original: Artifact;
  beforeAll(async () => {
    // Not temporaryFolder(): it outlives each test, and ends with the process.
    original = await trainCurve(join(import.meta.dirname, '../../../artifacts/.test'));
  });

  function damaged(change: (folder: string) => void): Promise<Artifact> {
    const folder = join(temporaryFolder(), 'copy');
    cpSync(original.directory, folder, { recursive: true });
    change(folder);
    return readArtifact(folder);
  }

  function rewrite(
    change: (manifest: TrainedManifest & Record<string, unknown>) => void,
  ): (folder: string) => void {
    return (folder) => {
      const path = join(folder, 'manifest.json');
      const manifest = JSON.parse(readFileSync(path, 'utf8')) as TrainedManifest & Record<string, unknown>;
      change(manifest);
      writeFileSync(path, JSON.stringify(manifest));
    };
  }

  it('accepts an undamaged copy', async () => {
    expect((await damaged(() => undefined)).manifest).toEqual(original.manifest);
  });

  it.each([
    'encoder.onnx',
    'decoder.onnx',
    'autoencoder.onnx',
    'history.json',
    'metrics.json',
    'MODEL_CARD.md',
  ])('refuses %s when one bit of it changed', async (file) => {
    const reading = damaged((folder) => {
      const bytes = readFileSync(join(folder, file));
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(join(folder, file), bytes);
    });
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(
      /expected \d+ bytes of sha256 [0-9a-f]{64}, received \d+ of [0-9a-f]{64}; the file is damaged/,
    );
  });

  it('refuses a newer schema, with advice to upgrade', async () => {
    const reading = damaged(
      rewrite((manifest) => {
        Object.assign(manifest, { schemaVersion: MANIFEST_SCHEMA_VERSION + 1 });
      }),
    );
    await expect(reading).rejects.toThrow(
      `has schema version ${MANIFEST_SCHEMA_VERSION + 1}, this latentedge reads up to ${MANIFEST_SCHEMA_VERSION}; upgrade latentedge`,
    );
  });

  it('refuses an edited manifest, even if every hash in it is right', async () => {
    const reading = damaged(
      rewrite((manifest) => {
        manifest.reconstructionError.threshold *= 2;
      }),
    );
    await expect(reading).rejects.toThrow(/expected version [0-9a-f]{12} for this content/);
  });

  it('refuses a manifest that is not JSON, one that lacks a field, and a folder without a manifest', async () => {
    await expect(damaged((folder) => writeFileSync(join(folder, 'manifest.json'), '{'))).rejects.toThrow(
      'manifest.json: expected JSON; the artifact is damaged',
    );
    await expect(
      damaged(
        rewrite((manifest) => {
          Object.assign(manifest, { codeSize: undefined });
        }),
      ),
    ).rejects.toThrow("manifest.json: 'codeSize':");
    await expect(readArtifact(temporaryFolder())).rejects.toThrow(
      'is not a complete artifact: manifest.json',
    );
  });
});

describe('writing', () => {
  it('leaves nothing behind when it fails half-way', async () => {
    const out = temporaryFolder();
    const source = await trainCurve(temporaryFolder());
    const { version: _, ...content } = source.manifest;
    const files = { 'encoder.onnx': source.graphs.encoder, 'no/such/folder': 'x' };
    await expect(writeArtifact(out, content, files)).rejects.toThrow('ENOENT');
    expect(readdirSync(join(out, 'curve'))).toEqual([]);
  });

  it('refuses names that are not folder names before it touches the disk', async () => {
    const out = join(temporaryFolder(), 'out');
    const named = train({ name: '../escape', data: curve(50), settings: SETTINGS, out });
    await expect(named).rejects.toThrow('a model name is lower-case letters and digits');
    expect(existsSync(out)).toBe(false);
  });
});

describe('writing to a place that is not empty', () => {
  it('replaces a damaged artifact of the same version', async () => {
    const out = temporaryFolder();
    const first = await trainCurve(out);
    writeFileSync(join(first.directory, 'encoder.onnx'), 'damaged');
    const second = await trainCurve(out);
    expect(second.directory).toBe(first.directory);
    expect(second.graphs).toEqual(first.graphs);
  });

  it('two equal runs at once both end with the same artifact', async () => {
    const out = temporaryFolder();
    const { version: _, ...content } = (await trainCurve(temporaryFolder())).manifest;
    const source = await trainCurve(temporaryFolder());
    const files = Object.fromEntries(
      readdirSync(source.directory)
        .filter((file) => file !== 'manifest.json')
        .map((file) => [file, readFileSync(join(source.directory, file))]),
    );
    const both = await Promise.all([writeArtifact(out, content, files), writeArtifact(out, content, files)]);
    expect(both[0].directory).toBe(both[1].directory);
    expect(readdirSync(join(out, 'curve'))).toEqual([both[0].manifest.version]);
  });

  it('cleans up after a run that was killed while writing, once it is an hour old', async () => {
    const out = temporaryFolder();
    const [old, young] = ['.partial-old', '.partial-young'].map((name) => join(out, 'curve', name));
    mkdirSync(old!, { recursive: true });
    mkdirSync(young!);
    const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    utimesSync(old!, twoHoursAgo, twoHoursAgo);
    await trainCurve(out);
    expect([existsSync(old!), existsSync(young!)]).toEqual([false, true]);
  });
});

it('a file in the place of an artifact is refused as an incomplete artifact', async () => {
  const file = join(temporaryFolder(), 'model.onnx');
  writeFileSync(file, 'here');
  const read = artifactFolder(file).then(readArtifact);
  await expect(read).rejects.toThrow(InputError);
  await expect(read).rejects.toThrow(`${file}: is not a complete artifact: manifest.json`);
});

const FOUR = fromRows([[0.5], [2], [1], [0]]);
const partsOf = (train: number[], validation: number[], test: number[]) => ({
  train: Uint32Array.from(train),
  validation: Uint32Array.from(validation),
  test: Uint32Array.from(test),
});

describe('invalid options are refused before any work', () => {
  it('a file in the place of the folder to write to', async () => {
    const out = join(temporaryFolder(), 'file');
    writeFileSync(out, 'here first');
    const run = train({ name: 'refused', data: FOUR, out });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(`expected a folder to write to, but ${out} is a file`);
  });

  it.each<[string, object, RegExp]>([
    ['a seed', { seed: -1 }, /^seed: .*received -1/],
    ['a seed beyond 32 bits', { seed: 2 ** 32 }, /^seed: .*received 4294967296/],
    ['an engine', { engine: 'cuda' }, /^engine: .*received "cuda"/],
    ['no threads', { threads: 0 }, /^threads: .*received 0/],
    ['an unknown variant', { variant: 'deep' }, /^variant: .*"undercomplete".*received "deep"/],
    ['a name that objects have', { variant: 'toString' }, /^variant: .*received "toString"/],
    [
      'a shape of other rows',
      { data: { ...FOUR, rowShape: [2, 2] } },
      /rowShape of 1 values, received \[2,2\]$/,
    ],
    [
      'an infinite value',
      { data: { ...FOUR, rows: { ...FOUR.rows, data: Float32Array.of(1, 2, Number.POSITIVE_INFINITY, 0) } } },
      /row 2, column 0: expected a finite number, received Infinity; mark it as missing, or leave the row out$/,
    ],
    [
      'an infinite target',
      { data: { ...FOUR, target: { name: 'price', rows: [1, Number.NaN, -1 / 0, 2] } }, predictor: 'ridge' },
      /target price, row 2: expected a finite number, or NaN if it is not known, received -Infinity$/,
    ],
    [
      'labels of other rows',
      { data: { ...FOUR, labels: { classes: ['a', 'b'], rows: [0, 1, 0] } } },
      /expected one value of the labels for each of 4 rows, received 3$/,
    ],
    [
      'names of other rows',
      { data: { ...FOUR, featureNames: ['a', 'b'] } },
      /expected 1 feature names, .* received 2$/,
    ],
    [
      'a part without rows',
      { data: { ...FOUR, parts: partsOf([0, 1, 2], [], [3]) } },
      /rows in the part 'validation', found none$/,
    ],
    [
      'a part with a row that does not exist',
      { data: { ...FOUR, parts: partsOf([0, 1], [2], [4]) } },
      /from 0 to 3 in the part 'test', received 4$/,
    ],
    [
      'values that the loss cannot take',
      { settings: { loss: 'binary-cross-entropy' } },
      /row 1, column 0: expected a value in \[0, 1\] for the loss binary-cross-entropy, received 2;/,
    ],
  ])('%s', async (_, options, message) => {
    const out = join(temporaryFolder(), 'out');
    const run = train({ name: 'refused', data: FOUR, out, ...options });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });
});
