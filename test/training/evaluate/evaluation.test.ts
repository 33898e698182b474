import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { featureStatistics } from '../../../training/data/statistics.ts';
import { codeDimensions, codeScatter } from '../../../training/evaluate/evidence/codeDimensions.ts';
import { layersOf } from '../../../training/evaluate/evidence/diagramLayers.ts';
import { impostorAuc, noiseRows, shuffledRows } from '../../../training/evaluate/evidence/impostorRows.ts';
import { variablesOf } from '../../../training/graph/traverse.ts';
import { input, sizeOf } from '../../../training/graph/value.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import { mosaic } from '../../../training/report/images.ts';
import { curve, withHoles } from '../../support/data/data.ts';

describe('impostor rows', () => {
  const { rows } = withHoles(curve(60, 5));
  const column = (data: Float32Array, c: number) => [...data].filter((_, i) => i % 5 === c).sort();

  it('the area under the ROC curve is the share of pairs in the right order, where ties count half', () => {
    const source = random(1, 'errors');
    const draw = (count: number) => Float32Array.from({ length: count }, () => source.integer(20));
    const [negatives, positives] = [draw(70), draw(90)];
    let won = 0;
    for (const a of negatives) for (const b of positives) won += b > a ? 1 : b === a ? 0.5 : 0;
    expect(impostorAuc(negatives, positives)).toBeCloseTo(won / (70 * 90), 12);
  });

  it('shuffled columns keep their values and lose their rows', () => {
    const shuffled = shuffledRows(rows, 3);
    for (let c = 0; c < 5; c++) expect(column(shuffled.data, c)).toEqual(column(rows.data, c));
    expect(shuffled.data).not.toEqual(rows.data);
  });

  it('noise stays in the range of each feature, and missing values stay missing', () => {
    const statistics = featureStatistics(rows);
    const { data } = noiseRows(rows, statistics, 3);
    data.forEach((value, i) => {
      expect(Number.isNaN(value)).toBe(Number.isNaN(rows.data[i]));
      if (Number.isNaN(value)) return;
      expect(value).toBeGreaterThanOrEqual(Math.fround(statistics.min[i % 5]!));
      expect(value).toBeLessThanOrEqual(Math.fround(statistics.max[i % 5]!));
    });
  });
});

describe('codes', () => {
  const source = random(2, 'codes');
  const of = (count: number, row: () => number[]) => {
    const all = Array.from({ length: count }, row);
    return { data: Float32Array.from(all.flat()), rowCount: count, width: all[0]!.length };
  };

  it('have the expected correlations; a constant dimension has none', () => {
    const codes = of(500, () => {
      const [x, y] = [source.uniform(), source.uniform()];
      return [x, -3 * x + 1, 0.5, (x + y) / Math.SQRT2];
    });
    const { correlations, spreads } = codeDimensions(codes);
    const at = (a: number, b: number) => correlations[4 * a + b];
    expect(at(0, 0)).toBe(1);
    expect(at(0, 1)).toBe(-1);
    expect(at(0, 2)).toBe(null);
    // x and y are independent with equal variance, so x and x + y have the correlation sqrt(1/2).
    expect(at(0, 3)).toBeCloseTo(Math.SQRT1_2, 1);
    expect(spreads[0]).toBeCloseTo(Math.sqrt(1 / 12), 2);
    expect(spreads[2]).toBe(0);
  });

  it('with up to three dimensions are shown unchanged, wider ones by their principal components', async () => {
    const narrow = of(20, () => [source.uniform(), source.uniform()]);
    const { axes, points } = await codeScatter(narrow);
    expect(axes).toEqual(['code 0', 'code 1']);
    expect(points[7]![1]).toBeCloseTo(narrow.data[15]!, 3);
    const plane = of(200, () => {
      const [x, y] = [source.uniform() - 0.5, 0.1 * (source.uniform() - 0.5)];
      return [x, x, y, -y, 1];
    });
    const wide = await codeScatter(plane);
    expect(wide.axes[0]).toBe('component 1 (99 % of the variance)');
    expect(wide.axes[1]).toBe('component 2 (1 % of the variance)');
    const first = wide.points.map(([x]) => x!);
    const expected = first.map((_, row) => Math.SQRT2 * plane.data[5 * row]!);
    const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length;
    const sign = Math.sign(first[0]! * (expected[0]! - mean));
    first.forEach((value, row) => {
      expect(sign * value).toBeCloseTo(expected[row]! - mean, 2);
    });
  });
});

it.each([false, true])('layers count each weight once, tied or not: %s', (tiedWeights) => {
  const config = undercomplete.config.parse({ hidden: [8, 6], codeSize: 2, tiedWeights });
  const model = undercomplete.build(config, 10, 1);
  const [rows, code] = [input('rows', ['N', 10]), input('code', ['N', 2])];
  const counted = new Set<ReturnType<typeof variablesOf>[number]>();
  const [encoded, decoded] = [model.encode(rows), model.decode(code)];
  const encoder = layersOf(rows, [encoded], counted);
  const decoder = layersOf(code, [decoded], counted);
  expect(encoder.map(({ shape }) => shape)).toEqual([
    ['N', 10],
    ['N', 8],
    ['N', 6],
    ['N', 2],
  ]);
  expect(encoder.map(({ from }) => from)).toEqual([[], [0], [1], [2]]);
  expect(decoder.map(({ shape }) => shape[1])).toEqual([2, 6, 8, 10]);
  const all = [...encoder, ...decoder].reduce((sum, { parameters }) => sum + parameters, 0);
  const weights = variablesOf([encoded, decoded]).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  expect(all).toBe(weights);
  expect(all).toBe((tiedWeights ? 1 : 2) * (80 + 48 + 12) + 8 + 6 + 2 + 6 + 8 + 10);
});

it('a mosaic has its images row by row, from black to white', async () => {
  // Three images of 4 x 5 pixels, each of one value, in two columns.
  const values = new Float32Array(60).map((_, i) => Math.floor(i / 20) - 1);
  const uri = mosaic(values, { height: 4, width: 5, channels: 1 }, 2, [-1, 1]);
  const bytes = Buffer.from(uri.slice('data:image/png;base64,'.length), 'base64');
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([10, 8, 4]);
  const at = (x: number, y: number) => [...data.subarray(4 * (10 * y + x), 4 * (10 * y + x) + 4)];
  expect(at(0, 0)).toEqual([0, 0, 0, 255]);
  expect(at(4, 3)).toEqual([0, 0, 0, 255]);
  expect(at(5, 0)).toEqual([128, 128, 128, 255]);
  expect(at(0, 4)).toEqual([255, 255, 255, 255]);
  expect(at(9, 7)).toEqual([0, 0, 0, 255]);
});
