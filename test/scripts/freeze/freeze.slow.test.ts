import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runGraph } from '../../../edge/runtime/frozen/run.ts';
import { thaw } from '../../../edge/runtime/frozen/thaw.ts';
import { readSettings } from '../../../edge/settings.ts';
import { freezableGraphs } from '../../../scripts/freeze/freezableGraphs.ts';
import { freeze } from '../../../scripts/freeze/freeze.ts';
import { readRuntime } from '../../../scripts/freeze/runtimePackage.ts';
import type { Workload } from '../../../scripts/freeze/workload.ts';
import {
  CODE_SIZE,
  expectedCodes,
  FEATURES,
  linearArtifact,
} from '../../support/artifacts/linearArtifact.ts';
import { exampleRows } from '../../support/edge/operationCases.ts';

const { limits } = readSettings({});
const workload: Workload = { batchSizes: [1, 2], errors: true };
const one = linearArtifact({ name: 'one', operations: ['encode'] });
const other = linearArtifact({ name: 'other', operations: ['encode'], scale: 2 });

describe('freezing', () => {
  let cache: string;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'latentedge-frozen-'));
  });
  afterAll(() => rm(cache, { recursive: true }));
  const frozen = (artifacts: Parameters<typeof freezableGraphs>[0]) =>
    freeze(freezableGraphs(artifacts, limits), { workload, cache });
  const models = async () => (await readdir(cache)).filter((name) => name.startsWith('model-'));

  test('a model beside others is the only one that is observed, and all of them answer', async () => {
    await frozen([one]);
    const [known] = await models();
    const observed = join(cache, known!, 'observed.json');
    const before = await stat(observed);
    const { description, image, wasm, report } = await frozen([one, other]);
    expect(await models()).toHaveLength(2);
    expect((await stat(observed)).mtimeMs).toBe(before.mtimeMs);
    expect(report.runs).toBeGreaterThan(2 * workload.batchSizes.length);
    const { factory } = await readRuntime();
    const instance = await thaw({
      factory,
      module: await WebAssembly.compile(await readFile(wasm)),
      image: Uint8Array.from(await readFile(image)).buffer,
      description,
    });
    const rows = exampleRows(3, FEATURES);
    const readings = vi.spyOn(performance, 'now');
    // The tensors of a run serve the next one of the same graph on as many rows, and no other.
    for (const [first, end, graph] of [
      ...([
        [0, 2, 0],
        [1, 3, 0],
        [0, 1, 0],
        [2, 3, 0],
      ] as const),
      ...([
        [2, 3, 1],
        [0, 3, 1],
        [0, 2, 0],
        [0, 2, 1],
      ] as const),
    ]) {
      const some = rows.slice(first, end);
      const data = Float32Array.from(some.flat());
      const inputs = { rows: { dtype: 'float32', shape: [some.length, FEATURES], data } as const };
      const { code } = runGraph(instance, description.graphs[graph]!, inputs, ['code']);
      expect(code.shape).toEqual([some.length, CODE_SIZE]);
      expect(Array.from(code.data, Number)).toEqual(expectedCodes(some, graph + 1).flat());
      const wide = new Float32Array(some.length * (FEATURES + 1));
      const wrong = { rows: { ...inputs.rows, data: wide, shape: [some.length, FEATURES + 1] } };
      expect(() => runGraph(instance, description.graphs[graph]!, wrong, ['code'])).toThrow(/^OrtRun: /);
      const longer = { rows: { ...inputs.rows, data: wide } };
      expect(() => runGraph(instance, description.graphs[graph]!, longer, ['code'])).toThrow(
        `expected ${data.length} values for the shape [${some.length},${FEATURES}], received ${wide.length}`,
      );
    }
    expect(readings).not.toHaveBeenCalled();
    readings.mockRestore();
  });

  test('a model that was observed in another folder, or with another Node, is observed again', async () => {
    const third = linearArtifact({ name: 'third', operations: ['encode'], scale: 3 });
    for (const name of await models()) {
      const path = join(cache, name, 'observed.json');
      const known = JSON.parse(await readFile(path, 'utf8'));
      // As the hash of a runtime whose memory holds another path.
      known.observation.environmentHash = 'elsewhere';
      await writeFile(path, JSON.stringify(known));
    }
    const { report } = await frozen([one, other, third]);
    expect(report.graphs).toHaveLength(3);
    expect(await models()).toHaveLength(3);
    for (const name of await models()) {
      const { observation } = JSON.parse(await readFile(join(cache, name, 'observed.json'), 'utf8'));
      expect(observation.environmentHash).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test('an image that does not answer the bits of onnxruntime-web is refused, and not kept', async () => {
    await frozen([one]);
    for (const name of await models()) {
      const path = join(cache, name, 'observed.json');
      const known = JSON.parse(await readFile(path, 'utf8'));
      const [reference] = Object.values(known.references) as { answers: Record<string, string>[] }[];
      reference!.answers[0]!.code = '0'.repeat(32);
      await writeFile(path, JSON.stringify(known));
    }
    const images = (await readdir(cache)).filter((name) => name.startsWith('image-'));
    await expect(frozen([other, one])).rejects.toThrow(
      /other@[0-9a-f]+\/encoder, ordinary 1: 'code' of the frozen runtime is not bit-identical/,
    );
    expect((await readdir(cache)).filter((name) => name.startsWith('image-'))).toEqual(images);
  });
});
