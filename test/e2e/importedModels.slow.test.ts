/** Models of other frameworks, imported and served in workerd, answer what their frameworks answered. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalWorker, serveLocally } from '../../scripts/worker/local.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { importModel } from '../../training/importing/importModel.ts';
import { runJobs } from '../../training/importing/jobs.ts';
import { understand } from '../../training/importing/understand.ts';
import { keptFolder } from '../support/data/data.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';
import { binaryInputs, readAnswer, type TestTensor } from '../support/edge/inferMessages.ts';
import { FIXTURES, FIXTURES_FOLDER, type Fixture } from '../support/graphs/fixtures.ts';

/** Decoders are imported with their encoders. */
const isDecoder = ({ name }: Fixture) => name.endsWith('-decoder');
const IMPORTED = FIXTURES.filter((each) => each.refused === undefined && !isDecoder(each));
const REFUSED = FIXTURES.filter((each) => each.refused !== undefined || isDecoder(each));
const named = (fixtures: readonly Fixture[]) => fixtures.map((each) => [each.name, each] as const);

const out = keptFolder();

/** Rows of token ids have no mask, which the graph takes, too. */
function rowsFileOf({ rows, inputs }: Fixture): string | undefined {
  return inputs.some(({ name }) => name === 'attention_mask')
    ? undefined
    : rows && join(FIXTURES_FOLDER, rows);
}

async function understood(fixture: Fixture) {
  const { files, decoder } = fixture;
  return understand({
    path: join(FIXTURES_FOLDER, files[0]),
    decoder: decoder && join(FIXTURES_FOLDER, `${decoder}.onnx`),
    rows: rowsFileOf(fixture),
    ...{ targetColumn: undefined, white: undefined, featureNames: undefined },
    ...{ roles: {}, inputSizes: {}, constants: {}, run: runJobs },
  });
}

/** The rows that the answers are for: the values of all inputs, in their order. */
function rowsOf({ inputs, given }: Fixture): (number | string)[][] {
  const parts = inputs.map(({ name }) => given[name]!);
  const count = parts[0]!.shape[0]!;
  return Array.from({ length: count }, (_, row) =>
    parts.flatMap(({ data }) => {
      const width = data.length / count;
      return data.slice(row * width, (row + 1) * width);
    }),
  );
}

/** The operation that answers an output of a role, and the member of its answer. */
const ANSWERS: Readonly<Record<string, readonly [operation: string, member: string]>> = {
  code: ['encode', 'codes'],
  mean: ['encode', 'codes'],
  log_variance: ['encode?include=log_variance', 'log_variances'],
  reconstruction: ['reconstruct', 'rows'],
  probabilities: ['predict', 'predictions'],
  prediction: ['predict', 'predictions'],
  score: ['predict', 'predictions'],
};

/** The protocol's names for the types of ONNX. */
const DATATYPES: Readonly<Record<string, string>> = {
  ...{ float16: 'FP16', float32: 'FP32', float64: 'FP64', int64: 'INT64', string: 'BYTES' },
};

describe('models of other frameworks', () => {
  const artifacts: Artifact[] = [];
  let worker: LocalWorker;

  beforeAll(async () => {
    for (const fixture of IMPORTED) {
      const options = { name: fixture.name, out, classes: undefined, contamination: 0.05, run: runJobs };
      artifacts.push(await importModel(await understood(fixture), options));
    }
    worker = await serveLocally(artifacts, { runtime: 'stock', log: () => undefined });
  });
  afterAll(() => worker?.dispose());

  it.each(named(IMPORTED))('%s', async (name, fixture) => {
    const rows = rowsOf(fixture);
    const { manifest } = artifacts.find((each) => each.manifest.name === name)!;
    if (fixture.classes) expect(manifest.prediction!.classes).toEqual(fixture.classes);
    const needRows = rowsFileOf(fixture) === undefined ? ['reduce', 'score'] : [];
    const offered = fixture.operations.filter((each) => each !== 'infer' && !needRows.includes(each));
    expect(manifest.operations.toSorted()).toEqual(offered.toSorted());
    let answered = 0;
    for (const { name: output, role } of fixture.outputs) {
      const [operation, member] = ANSWERS[role ?? ''] ?? [];
      if (operation === undefined) continue;
      const response = await fetchFresh(new URL(`/v1/models/${name}/${operation}`, worker.url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-API-Key': worker.key },
        body: JSON.stringify({ rows }),
      });
      const answer = (await response.json()) as Record<string, number[][]>;
      expect(response.status, JSON.stringify(answer)).toBe(200);
      const expected = fixture.answers[output]!.data as number[];
      const values = answer[member!]!.flat();
      expect(values.length).toBe(expected.length);
      const scale = Math.max(1, ...expected.map(Math.abs));
      const differences = expected.map((value, i) => Math.abs(value - values[i]!) / scale);
      expect(Math.max(...differences)).toBeLessThanOrEqual(fixture.tolerance);
      answered++;
    }
    expect(answered).toBeGreaterThan(0);
  });

  it.each(named(IMPORTED))('%s, by the names of its file', async (name, fixture) => {
    const { inputs, outputs, given, answers, tolerance } = fixture;
    const sent = inputs.map(({ name: input }): TestTensor => {
      const { dtype, shape, data } = given[input]!;
      return { name: input, datatype: DATATYPES[dtype]!, shape, data };
    });
    const request = binaryInputs(sent, { parameters: { binary_data_output: true } });
    const response = await fetchFresh(new URL(`/v2/models/${name}/infer`, worker.url), {
      ...request,
      headers: { ...request.headers, 'X-API-Key': worker.key },
    });
    expect(response.status, response.ok ? '' : await response.text()).toBe(200);
    const answer = await readAnswer(response);
    const answered = outputs.filter(({ role }) => role !== 'label' || outputs.length === 1);
    expect(answer.outputs.map((each) => each.name)).toEqual(answered.map((each) => each.name));
    for (const { name: output, shape, data } of answer.outputs) {
      const expected = answers[output]!;
      expect(shape).toEqual(expected.shape);
      const numbers = expected.data as number[];
      const scale = Math.max(1, ...numbers.map(Math.abs));
      const differences = numbers.map((value, i) => Math.abs(value - Number(data[i])) / scale);
      expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
    }
  });
});

it.each(named(REFUSED))('%s is refused with the sentence that helps', async (_, fixture) => {
  await expect(understood(fixture)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(/; |: import the encoder/),
  });
});
