import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANSWERS_FILE, KnownAnswers } from '../../../shared/answers.ts';
import { InputError } from '../../../shared/errors.ts';
import { restoreModel } from '../../../training/artifact/restoreModel.ts';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

const settings = { hidden: [8], codeSize: 2, epochs: 3 };
const data = curve(200);

describe('known answers', () => {
  it('are the outputs of the exported graphs for test rows', async () => {
    const { artifact, split } = await train({
      force: true,
      name: 'curve',
      data,
      settings,
      out: temporaryFolder(),
    });
    const text = readFileSync(join(artifact.directory, ANSWERS_FILE), 'utf8');
    const { rows, answers } = KnownAnswers.parse(JSON.parse(text));
    expect(rows.flat()).toEqual(Array.from(split.test.data.subarray(0, 4 * 6)));
    const encoder = await openNative(artifact.graphs.encoder);
    const { code } = await encoder.run({
      data: Float32Array.from(rows.flat() as number[]),
      rowCount: 4,
      width: 6,
    });
    await encoder.release();
    expect(answers.encode!.flat()).toEqual(Array.from(code!));
    expect(answers.reconstruct).toHaveLength(4);
    expect(answers.predict).toBeUndefined();
    expect(artifact.manifest.files[ANSWERS_FILE]).toBeDefined();
  });
});

it('of a recommender of a single item are none: there is nothing left to recommend', async () => {
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'one',
    variant: 'recommender',
    data: fromItemLists(
      Array.from({ length: 20 }, () => [0]),
      ['only'],
    ),
    settings: { codeSize: 1, epochs: 1 },
    out: temporaryFolder(),
  });
  expect(artifact.manifest.operations).toContain('recommend');
  expect(artifact.manifest.files).not.toHaveProperty([ANSWERS_FILE]);
});

describe('initial weights', () => {
  it('are the weights that training starts from', async () => {
    const out = temporaryFolder();
    const { artifact, fit } = await train({
      force: true, // trained too briefly to beat the mean
      name: 'curve',
      data,
      settings: { ...settings, epochs: 60 },
      out,
    });
    const initial = { source: `curve@${artifact.manifest.version}`, weights: restoreModel(artifact).weights };
    const warm = await train({
      force: true,
      name: 'warm',
      data,
      settings: { ...settings, epochs: 1 },
      initial,
      out,
    });
    const loss = (epoch: number) => fit.history[epoch - 1]!.validation.loss;
    expect(warm.fit.history[0]!.validation.loss).toBeLessThan(loss(5));
    expect(warm.artifact.manifest.training.initial).toBe(initial.source);
  });

  it('of another architecture are refused', async () => {
    const out = temporaryFolder();
    const { artifact } = await train({ force: true, name: 'curve', data, settings, out });
    const initial = { source: 'curve', weights: restoreModel(artifact).weights };
    const other = { ...settings, hidden: [9] };
    await expect(train({ force: true, name: 'other', data, settings: other, initial, out })).rejects.toThrow(
      InputError,
    );
  });
});
