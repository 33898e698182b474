/** `npm run import`, as a user runs it: from a file to answers over HTTP. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScript, start } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';
import {
  changedEncoder,
  codesOfRows,
  DECODER,
  ENCODER,
  modelFile,
  rowsOfCodes,
} from '../support/training/foreignModels.ts';

const NAMES = ['speed', 'heat', 'load', 'age'];
const ROWS = Array.from({ length: 30 }, (_, row) =>
  NAMES.map((_, column) => ((row * 5 + column * 3) % 11) - 5),
);

describe('npm run import', () => {
  it('makes an artifact that a local Worker answers with', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'rows.csv'), `${NAMES.join()}\n${ROWS.map((row) => row.join()).join('\n')}\n`);
    const files = [modelFile(ENCODER, 'motor.onnx'), '--decoder', modelFile(DECODER, 'decoder.onnx')];
    const imported = await runScript('import', [...files, '--rows', 'rows.csv', '--json'], folder);
    expect([imported.code, imported.stderr]).toEqual([0, '']);
    const { artifact, version, operations } = JSON.parse(imported.stdout);
    expect(operations).toEqual([
      ...['encode', 'reduce', 'decode', 'reconstruct', 'score', 'interpolate', 'traverse'],
    ]);
    const serving = start('serve', [artifact, '--port', '0', '--runtime', 'stock', '--json'], folder);
    const { url, models } = JSON.parse(await serving.saw('\n'));
    expect(models).toEqual([{ name: 'motor', version }]);
    const post = async (path: string, body: unknown) => {
      const response = await fetchFresh(new URL(path, url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      return response.json();
    };
    const rows = ROWS.slice(0, 3);
    const codes = codesOfRows(rows);
    expect(await post('/v1/models/motor/encode', { rows })).toMatchObject({ codes });
    const named = rows.map((row) => Object.fromEntries(NAMES.map((name, i) => [name, row[i]])));
    expect(await post('/v1/models/motor/encode', { rows: named })).toMatchObject({ codes });
    expect(await post('/v1/models/motor/reconstruct', { rows })).toMatchObject({ rows: rowsOfCodes(codes) });
    expect(await post('/v1/models/motor/reduce', { rows })).toMatchObject({
      coordinates: [[expect.any(Number), expect.any(Number)], expect.anything(), expect.anything()],
    });
    const { scores } = (await post('/v1/models/motor/score', { rows })) as {
      scores: { error: number; contributions: { feature: string }[] }[];
    };
    const errors = rows.map(
      (row, r) => row.reduce((sum, value, i) => sum + (value - rowsOfCodes(codes)[r]![i]!) ** 2, 0) / 4,
    );
    for (const [row, { error }] of scores.entries()) expect(error).toBeCloseTo(errors[row]!, 3);
    expect(NAMES).toContain(scores[0]!.contributions[0]!.feature);
    const tensor = { datatype: 'FP32', shape: [3, 4], data: rows.flat() };
    for (const [model, input, output] of [
      ['motor', 'readings', 'output'],
      ['motor.encoder', 'rows', 'code'],
    ] as const)
      expect(await post(`/v2/models/${model}/infer`, { inputs: [{ name: input, ...tensor }] })).toMatchObject(
        {
          outputs: [{ name: output, data: codes.flat() }],
        },
      );
    serving.process.kill('SIGINT');
    await serving.finished;
  });

  it('ends a graph that never does, and writes nothing', async () => {
    const scalar = (elemType: number) => ({ tensorType: { elemType, shape: { dim: [] } } });
    const body = {
      name: 'body',
      input: [
        { name: 'step', type: scalar(7) },
        { name: 'goes', type: scalar(9) },
        { name: 'x', type: { tensorType: { elemType: 1 } } },
      ],
      node: [
        { name: 'on', opType: 'Identity', input: ['goes'], output: ['goes_on'] },
        { name: 'same', opType: 'Identity', input: ['x'], output: ['x_again'] },
      ],
      output: [
        { name: 'goes_on', type: scalar(9) },
        { name: 'x_again', type: { tensorType: { elemType: 1 } } },
      ],
    };
    const endless = changedEncoder((_, graph) => {
      graph.initializer!.push({ name: 'true', dataType: 9, dims: [], rawData: Uint8Array.of(1) });
      graph.node![0]!.input![0] = 'looped';
      graph.node!.unshift({
        ...{ name: 'loop', opType: 'Loop', input: ['', 'true', 'readings'], output: ['looped'] },
        attribute: [{ name: 'body', type: 5, g: body }],
      });
    });
    const folder = temporaryFolder();
    const flags = [modelFile(endless), '--time-limit', '4'];
    const { code, stdout, stderr } = await runScript('import', [...flags, '--json'], folder);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/the graph has not ended after 4 s/);
    expect(existsSync(join(folder, 'artifacts'))).toBe(false);
  });

  it('explains its flags, and what is wrong with them', async () => {
    const folder = temporaryFolder();
    const path = modelFile(ENCODER);
    const failing: [flags: string[], message: RegExp][] = [
      [['--name', 'No/Name'], /--name: a model name is lower-case letters and digits/],
      [['--role', 'output=cod'], /expected <output>=<role> .*did you mean 'code'/],
      [['--role', 'outptu=code'], /expected one of the outputs output; did you mean 'output'/],
      [['--constant', 'nothing=1'], /has no input 'nothing': expected one of readings/],
      [['--input-shape', 'readings=x'], /expected <input>=<sizes>/],
      [['--rows', 'missing.csv'], /missing\.csv/],
      [['--feature-names', 'a,b'], /expected 4 names of features, one per value of a row, received 2/],
      [['--feature-names', 'a,b,a,c'], /expected distinct names of features, received 'a' twice/],
    ];
    for (const [flags, message] of failing) {
      const { code, stderr } = await runScript('import', [path, ...flags], folder);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
    const { stdout } = await runScript('import', ['--help'], folder);
    expect(stdout).toMatch(/--rows <path>/);
  });
});
