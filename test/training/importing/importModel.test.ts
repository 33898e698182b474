import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GraphName } from '../../../shared/manifest.ts';
import type { Tensors } from '../../../shared/tensor.ts';
import { type Artifact, readArtifact } from '../../../training/artifact/artifact.ts';
import { openWasm } from '../../../training/engines/inference.ts';
import { type ImportOptions, importModel } from '../../../training/importing/importModel.ts';
import { runJobs } from '../../../training/importing/jobs.ts';
import type { UnderstandOptions } from '../../../training/importing/understand.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import {
  CODE,
  changedEncoder,
  codesOfRows,
  DECODER,
  ENCODER,
  FEATURES,
  modelFile,
  rowsOfCodes,
  understood,
} from '../../support/training/foreignModels.ts';

const ROWS = Array.from({ length: 40 }, (_, row) =>
  Array.from({ length: FEATURES }, (_, column) => ((row * 7 + column * 5) % 13) - 6 + column),
);
const NAMES = ['speed', 'heat', 'load', 'age'];

function table(header = NAMES, rows: readonly (readonly (number | string)[])[] = ROWS): string {
  const path = join(temporaryFolder(), 'rows.csv');
  writeFileSync(path, `${header.join(',')}\n${rows.map((row) => row.join(',')).join('\n')}\n`);
  return path;
}

async function imported(
  model: Parameters<typeof modelFile>[0],
  options: Partial<UnderstandOptions> = {},
  others: Partial<ImportOptions> = {},
): Promise<Artifact> {
  return importModel(await understood(model, options), {
    ...{ name: 'foreign', out: temporaryFolder(), classes: undefined, contamination: 0.05, run: runJobs },
    ...others,
  });
}

/** The first output of a graph in the runtime of the edge. */
async function answer({ graphs }: Artifact, graph: GraphName, inputs: Tensors, output?: string) {
  const session = await openWasm(graphs[graph]!);
  const outputs = await session.runTensors(inputs);
  await session.release();
  const { data, shape } = outputs[output ?? Object.keys(outputs)[0]!]!;
  return { values: Array.from(data, Number), shape };
}

function rowsTensor(rows: readonly (readonly number[])[]): Tensors {
  const width = rows[0]!.length;
  return { rows: { dtype: 'float32', shape: [rows.length, width], data: Float32Array.from(rows.flat()) } };
}

describe('an encoder', () => {
  it('becomes an artifact that encodes rows', async () => {
    const artifact = await imported(ENCODER);
    const { manifest, directory } = artifact;
    expect(manifest).toMatchObject({ variant: 'imported', codeSize: CODE, operations: ['encode'] });
    expect(manifest.features).toMatchObject({ count: FEATURES, names: null, rowShape: [FEATURES] });
    expect(manifest.graphs).toEqual({ encoder: expect.anything() });
    const { values, shape } = await answer(artifact, 'encoder', rowsTensor(ROWS));
    expect(shape).toEqual([40, CODE]);
    expect(values).toEqual(codesOfRows(ROWS).flat());
    expect(readdirSync(directory).sort()).toEqual([
      ...['MODEL_CARD.md', 'answers.json', 'encoder.onnx', 'history.json', 'manifest.json', 'metrics.json'],
      'report.html',
    ]);
    expect((await readArtifact(directory)).manifest).toEqual(manifest);
  });

  it('has names, statistics and a reduction with rows', async () => {
    const { manifest } = await imported(ENCODER, { rows: table() });
    expect(manifest.operations).toEqual(['encode', 'reduce']);
    expect(manifest.features.names).toEqual(NAMES);
    const mean = ROWS.reduce((sum, [speed]) => sum + speed!, 0) / ROWS.length;
    expect(manifest.features.statistics.mean[0]).toBeCloseTo(mean, 6);
    expect(manifest.data.rows.train).toBe(40);
  });

  it('takes batches of any size if it was exported for one', async () => {
    // The shape of the weights' product is a constant that holds the batch, too.
    const fixed = changedEncoder((_, graph) => {
      graph.input![0]!.type!.tensorType!.shape!.dim![0] = { dimValue: 1 };
      graph.output![0]!.type!.tensorType!.shape!.dim![0] = { dimValue: 1 };
      graph.node![0]!.output = ['flat'];
      graph.node!.push({ name: 'again', opType: 'Reshape', input: ['flat', 'shape'], output: ['output'] });
      const shape = new Uint8Array(BigInt64Array.of(1n, BigInt(CODE)).buffer);
      graph.initializer!.push({ name: 'shape', dataType: 7, dims: [2], rawData: shape });
    });
    const understanding = await understood(fixed);
    expect(understanding.notes).toEqual([expect.stringContaining('exported for batches of 1')]);
    const { values } = await answer(await imported(fixed), 'encoder', rowsTensor(ROWS));
    expect(values).toEqual(codesOfRows(ROWS).flat());
  });

  it('has the same version for the same file', async () => {
    const path = modelFile(ENCODER);
    const [first, second] = [await imported(ENCODER, { path }), await imported(ENCODER, { path })];
    expect(second.manifest.version).toBe(first.manifest.version);
  });

  it('takes integers, several inputs and constants', async () => {
    const two = changedEncoder((_, graph) => {
      graph.input = [
        {
          name: 'ids',
          type: { tensorType: { elemType: 7, shape: { dim: [{ dimParam: 'n' }, { dimValue: FEATURES }] } } },
        },
        {
          name: 'mask',
          type: { tensorType: { elemType: 7, shape: { dim: [{ dimParam: 'n' }, { dimValue: FEATURES }] } } },
        },
      ];
      graph.node!.unshift(
        { name: 'mul', opType: 'Mul', input: ['ids', 'mask'], output: ['masked'] },
        {
          name: 'cast',
          opType: 'Cast',
          input: ['masked'],
          output: ['readings'],
          attribute: [{ name: 'to', type: 2, i: 1 }],
        },
      );
    });
    const rows = ROWS.map((row) => row.map(Math.abs));
    const both = await imported(two);
    expect(both.manifest.features.count).toBe(2 * FEATURES);
    const doubled = rows.map((row) => [...row, ...row.map(() => 2)]);
    expect((await answer(both, 'encoder', rowsTensor(doubled))).values).toEqual(
      codesOfRows(rows.map((row) => row.map((value) => 2 * value))).flat(),
    );
    const masked = await imported(two, { constants: { mask: 1 } });
    expect(masked.manifest.features.count).toBe(FEATURES);
    expect((await answer(masked, 'encoder', rowsTensor(rows))).values).toEqual(codesOfRows(rows).flat());
  });
});

describe('an encoder of images', () => {
  const ofImages = (...sizes: number[]) =>
    changedEncoder((_, graph) => {
      graph.input = [
        {
          name: 'image',
          type: {
            tensorType: {
              elemType: 1,
              shape: { dim: [{ dimParam: 'n' }, ...sizes.map((size) => ({ dimValue: size }))] },
            },
          },
        },
      ];
      const shape = new Uint8Array(BigInt64Array.of(-1n, BigInt(FEATURES)).buffer);
      graph.initializer!.push({ name: 'flat', dataType: 7, dims: [2], rawData: shape });
      graph.node!.unshift({
        name: 'flatten',
        opType: 'Reshape',
        input: ['image', 'flat'],
        output: ['readings'],
      });
    });

  it('takes rows of their values, and knows their height and width', async () => {
    const artifact = await imported(ofImages(1, 2, 2));
    expect(artifact.manifest.features).toMatchObject({ count: FEATURES, rowShape: [2, 2] });
    expect((await answer(artifact, 'encoder', rowsTensor(ROWS))).values).toEqual(codesOfRows(ROWS).flat());
  });

  it('refuses rows with the channels elsewhere', async () => {
    const rows = join(temporaryFolder(), 'images.npy');
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2, 1, 2), }".padEnd(117);
    const values = Buffer.from(new Float32Array(12).fill(0.5).buffer);
    writeFileSync(
      rows,
      Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${header}\n`), values]),
    );
    expect((await understood(ofImages(2, 2, 1), { rows })).sample.rows).toMatchObject({ rowCount: 3 });
    await expect(understood(ofImages(4, 1, 1), { rows })).rejects.toThrow(
      'expected rows of shape [4, 1, 1], as the model takes, received [2, 1, 2]; transpose them',
    );
  });
});

describe('an encoder with a decoder', () => {
  const decoder = () => modelFile(DECODER, 'decoder.onnx');

  it('reconstructs and scores, with a threshold from the rows', async () => {
    const artifact = await imported(ENCODER, { decoder: decoder(), rows: table() });
    expect(artifact.manifest.operations).toEqual([
      ...['encode', 'reduce', 'decode', 'reconstruct', 'score', 'interpolate', 'traverse'],
    ]);
    const reconstructed = rowsOfCodes(codesOfRows(ROWS));
    const errors = ROWS.map(
      (row, r) => row.reduce((sum, value, i) => sum + (value - reconstructed[r]![i]!) ** 2, 0) / FEATURES,
    );
    const given = rowsTensor(ROWS);
    expect((await answer(artifact, 'autoencoder', given, 'reconstruction')).values).toEqual(
      reconstructed.flat(),
    );
    const { values, shape } = await answer(artifact, 'autoencoder', given, 'error');
    expect(shape).toEqual([40]);
    for (const [row, value] of values.entries()) expect(value).toBeCloseTo(errors[row]!, 3);
    const sorted = errors.toSorted((a, b) => a - b);
    const { quantiles, threshold } = artifact.manifest.reconstructionError!;
    expect(quantiles[100]).toBeCloseTo(sorted.at(-1)!, 3);
    expect(errors.filter((error) => error > threshold).length).toBeLessThanOrEqual(3);
  });

  it('scores each column by its own error, so that large units do not decide', async () => {
    const artifact = await imported(ENCODER, { decoder: decoder(), rows: table() });
    const reconstructed = rowsOfCodes(codesOfRows(ROWS));
    const errors = ROWS.map((row, r) => row.map((value, i) => (value - reconstructed[r]![i]!) ** 2));
    const means = NAMES.map((_, i) => errors.reduce((sum, row) => sum + row[i]! / ROWS.length, 0));
    const scores = errors.map((row) => row.map((error, i) => (means[i] === 0 ? 0 : error / means[i]!)));
    const { values } = await answer(artifact, 'autoencoder', rowsTensor(ROWS), 'feature_anomaly_score');
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(scores.flat()[i]!, 3);
    const joint = (await answer(artifact, 'autoencoder', rowsTensor(ROWS), 'anomaly_score')).values;
    const expected = scores.map((row) => row.reduce((sum, score) => sum + score / FEATURES, 0));
    for (const [row, value] of joint.entries()) expect(value).toBeCloseTo(expected[row]!, 3);
    const { threshold, quantiles } = artifact.manifest.anomalyScore!;
    expect(quantiles[100]).toBeCloseTo(Math.max(...expected), 3);
    expect(expected.filter((score) => score > threshold).length).toBeLessThanOrEqual(3);
  });

  it('offers no score without rows, and refuses a decoder of other codes', async () => {
    const { manifest } = await imported(ENCODER, { decoder: decoder() });
    expect(manifest.operations).not.toContain('score');
    expect(manifest.operations).toContain('reconstruct');
    await expect(understood(ENCODER, { decoder: modelFile(ENCODER) })).rejects.toThrow(
      `expected a decoder that takes the ${CODE} numbers of a code, received one that takes ${FEATURES}`,
    );
  });
});

describe('a classifier', () => {
  const classifier = changedEncoder((_, graph) => {
    graph.node![0]!.output = ['logits'];
    graph.node!.push({ name: 'softmax', opType: 'Softmax', input: ['logits'], output: ['output'] });
  });
  const actual = codesOfRows(ROWS).map(([a, b], row) => Number(row % 4 === 0 ? a! > b! : b! > a!));

  it('predicts, and is measured by the target column', async () => {
    const rows = table(
      [...NAMES, 'state'],
      ROWS.map((row, i) => [...row, actual[i]!]),
    );
    const artifact = await imported(classifier, { rows, targetColumn: 'state' });
    const { manifest } = artifact;
    expect(manifest).toMatchObject({ operations: ['predict'], codeSize: 0 });
    expect(manifest.prediction).toEqual({ target: 'state', predictor: 'imported', classes: ['0', '1'] });
    expect(manifest.features).toMatchObject({ names: NAMES, ignored: ['state'] });
    const { values } = await answer(artifact, 'predict', rowsTensor(ROWS));
    const expected = codesOfRows(ROWS).flatMap(([a, b]) => {
      const sum = Math.exp(a!) + Math.exp(b!);
      return [Math.exp(a!) / sum, Math.exp(b!) / sum];
    });
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
    const right = actual.filter((label, row) => label === Number(expected[2 * row + 1]! > 0.5)).length;
    expect(manifest.metrics['imported-accuracy']).toBeCloseTo(right / ROWS.length, 6);
  });

  it('has the names of classes that were stated, as many as there are', async () => {
    const { manifest } = await imported(classifier, {}, { classes: ['good', 'worn'] });
    expect(manifest.prediction!.classes).toEqual(['good', 'worn']);
    await expect(imported(classifier, {}, { classes: ['good'] })).rejects.toThrow(
      '--classes: expected 2 names, one per probability, received 1: good',
    );
  });
});

describe('names of features', () => {
  const named = (features: string) =>
    changedEncoder((model) => {
      model.metadataProps = [{ key: 'features', value: features }];
    });

  it('are those that were stated, those of the graph, or those of the rows', async () => {
    const names = async (...[model, options]: Parameters<typeof imported>) =>
      (await imported(model, options)).manifest.features.names;
    expect(await names(named('["a","b","c","d"]'))).toEqual(['a', 'b', 'c', 'd']);
    expect(await names(named('a, b, c, d'), { featureNames: ['e', 'f', 'g', 'h'] })).toEqual([
      'e',
      'f',
      'g',
      'h',
    ]);
    expect(await names(named('a,b'), { rows: table() })).toEqual(NAMES);
  });

  it('select columns of the rows; others are ignored', async () => {
    const rows = table(
      ['id', ...NAMES.toReversed(), 'class'],
      ROWS.map((row, i) => [i, ...row.toReversed(), i % 2 ? 'good' : 'bad']),
    );
    const { features } = (await imported(ENCODER, { rows, featureNames: NAMES })).manifest;
    expect(features).toMatchObject({ names: NAMES, ignored: ['id', 'class'] });
    expect(features.statistics.min[0]).toBe(Math.min(...ROWS.map(([speed]) => speed!)));
    await expect(understood(ENCODER, { rows })).rejects.toThrow(
      'expected 4 columns, as the model takes, found 6',
    );
  });
});
