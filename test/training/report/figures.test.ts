/** What the figures of a report show. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Epoch } from '../../../training/fitting/fit.ts';
import { figure, parityText } from '../../../training/report/format.ts';
import { learningCurves } from '../../../training/report/learningCurves.ts';
import type { ReportSource } from '../../../training/report/section.ts';
import { regularisation } from '../../../training/report/sections/regularisation.ts';
import { COLOURS } from '../../../training/report/theme.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

const TINY = { hidden: [8], codeSize: 2, epochs: 2, batchSize: 32 };

async function sectionOf(id: string, run: Omit<Parameters<typeof train>[0], 'name' | 'out'>) {
  const { artifact } = await train({ force: true, name: 'tiny', out: temporaryFolder(), ...run });
  const report = readFileSync(join(artifact.directory, 'report.html'), 'utf8');
  const section = report.match(new RegExp(`<section id="${id}".*?</section>`, 's'))![0];
  return { section, manifest: artifact.manifest };
}

/** Texts of the charts, without the invisible characters in them. */
function textsIn(svg: string): string[] {
  return Array.from(svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text]) => text!.replace('\u200b', ''));
}

it('the error of each feature has a bar, whatever the column is called', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a', 'b'];
  const { section } = await sectionOf('featureErrors', {
    data: { ...curve(80), featureNames: names },
    settings: TINY,
  });
  expect(textsIn(section)).toEqual(expect.arrayContaining(names));
  const shapes = Array.from(section.matchAll(/<path[^>]*>/g), ([shape]) => shape);
  const bars = shapes.filter((shape) => shape.includes(COLOURS.accent.light) && /h[1-9][\d.]*v/.test(shape));
  expect(bars).toHaveLength(names.length);
});

it.each([
  [2, 'Among linear models with as many values per code'],
  [6, 'PCA with as many components as there are columns merely copies the rows.'],
])('baselines of a code of %d values for 6 columns explain PCA', async (codeSize, note) => {
  const { section } = await sectionOf('baselines', { data: curve(80), settings: { ...TINY, codeSize } });
  expect(section).toContain(note);
  expect(section).toContain('predicting the mean');
});

it('regularisation of training alone is drawn for training alone', async () => {
  const losses = (regularisationLoss: number) => ({ loss: 1, reconstructionLoss: 1, regularisationLoss });
  const sourceOf = (validation: number) => ({
    history: [1, 2, 3].map((epoch) => ({ epoch, train: losses(epoch), validation: losses(validation) })),
    manifest: { training: { bestEpoch: 3 } },
  });
  const drawn = async (validation: number) =>
    (await regularisation.render(sourceOf(validation) as unknown as ReportSource))!.markup;
  const [own, both] = [await drawn(0), await drawn(2)];
  expect(own).toContain('added in training only: on validation rows it is 0');
  expect(own).not.toContain('validation</li>');
  expect(both).toContain('validation</li>');
  expect(both).not.toContain('training only');
});

describe('the section on errors', () => {
  const settings = { ...TINY, rowScore: 'joint' } as const;

  it('draws joint scores with their threshold, and errors without one', async () => {
    const { section, manifest } = await sectionOf('errors', { data: curve(80), settings });
    const threshold = manifest.anomalyScore!.threshold;
    expect(threshold).not.toBeCloseTo(manifest.reconstructionError.threshold, 3);
    const marked = textsIn(section).filter((text) => text.startsWith('threshold'));
    expect(marked).toEqual([`threshold ${figure(threshold)}`]);
    expect(textsIn(section)).toEqual(
      expect.arrayContaining(['anomaly score of a row', 'reconstruction error of a row']),
    );
  });

  it('draws the threshold of errors where rows are judged by them', async () => {
    const { section, manifest } = await sectionOf('errors', { data: curve(80), settings: TINY });
    const marked = textsIn(section).filter((text) => text.startsWith('threshold'));
    expect(marked).toEqual([`threshold ${figure(manifest.reconstructionError.threshold)}`]);
  });
});

describe('losses over the epochs', () => {
  const losses = (loss: number) => ({ loss, reconstructionLoss: loss, regularisationLoss: loss });
  const history = (scale: number): Epoch[] =>
    [4, 3, 2.5, 2.2].map((loss, i) => ({
      epoch: i + 1,
      train: losses(loss),
      validation: losses(scale * loss),
    }));
  const drawn = async (scale: number, differ?: boolean) => {
    const options = { history: history(scale), best: 4, loss: 'loss' as const };
    const { markup } = await learningCurves('Losses.', { ...options, ...(differ && { differ }) });
    return { charts: markup.match(/<svg role="img"/g)!.length, markup };
  };

  it('share an axis if they are of one scale', async () => {
    const { charts, markup } = await drawn(1.5);
    expect(charts).toBe(1);
    expect(markup).not.toContain('its own axis');
  });

  it.each([20, 0.01])('have an axis each if the validation loss is %d times as large', async (scale) => {
    const { charts, markup } = await drawn(scale);
    expect(charts).toBe(2);
    expect(markup).toContain('Each loss has its own axis');
    // On a shared axis, one of the curves would be a line at the bottom: here each has its own labels.
    const [own, other] = markup.split('<svg role="img"').slice(1).map(textsIn);
    expect(own).not.toEqual(other);
  });

  it('have an axis each if they measure different things', async () => {
    expect((await drawn(1.1, true)).charts).toBe(2);
  });
});

it('parity is a share of the largest value, since large values differ by large amounts', () => {
  const parity = { maxAbsDifference: 9.1e23, maxScaledDifference: 2.3e-7, tolerance: 1e-4, rows: 1234 };
  expect(parityText({ ...parity, batchSizes: [1] })).toBe('2.3e-7 of the largest value, on 1,234 rows');
});
