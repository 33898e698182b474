import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tensorBoard } from '../../../training/fitting/tensorBoard.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';
import { EVENT_HISTORY, eventClock } from '../../support/training/eventHistory.ts';

/** What TensorBoard itself has read of the same files: `test/support/exporters/readEvents.py`. */
const READ = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/tensorboard.json'), 'utf8'),
) as {
  readonly runs: Readonly<
    Record<'train' | 'validation', { file: string; sha256: string; scalars: Record<string, number[][]> }>
  >;
};

describe('event files', () => {
  it.each(['train', 'validation'] as const)(
    'of %s are the bytes that TensorBoard has read as the history',
    (part) => {
      const folder = temporaryFolder();
      const writer = tensorBoard(folder, eventClock());
      writer.onStart(EVENT_HISTORY.slice(0, 2));
      for (const epoch of EVENT_HISTORY.slice(2)) writer.onEpoch(epoch);
      const { file, sha256, scalars } = READ.runs[part];
      expect(readdirSync(join(folder, part))).toEqual([file]);
      const bytes = readFileSync(join(folder, part, file));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      for (const [tag, loss] of [
        ['loss', 'loss'],
        ['reconstruction_loss', 'reconstructionLoss'],
        ['regularisation_loss', 'regularisationLoss'],
      ] as const) {
        expect(scalars[tag]!.map(([, step]) => step)).toEqual(EVENT_HISTORY.map(({ epoch }) => epoch));
        expect(scalars[tag]!.map(([, , value]) => value)).toEqual(
          EVENT_HISTORY.map((epoch) => Math.fround(epoch[part][loss])),
        );
        expect(scalars[tag]!.every(([time]) => time! > 1_700_000_000 && time! < 1_700_000_060)).toBe(true);
      }
    },
  );

  it('are written by train() while it runs', async () => {
    const folder = temporaryFolder();
    const settings = { hidden: [], codeSize: 2, epochs: 3 };
    const sizes: number[] = [];
    const { onStart, onEpoch } = tensorBoard(folder);
    const size = () => {
      const [file] = readdirSync(join(folder, 'train'));
      return readFileSync(join(folder, 'train', file!)).length;
    };
    await train({
      force: true, // trained too briefly to beat the mean
      ...{ name: 'curve', data: curve(60), settings, out: temporaryFolder(), onStart },
      onEpoch: (epoch) => {
        onEpoch(epoch);
        sizes.push(size());
      },
    });
    const [first, second, third] = sizes as [number, number, number];
    expect(third - second).toBe(second - first);
    expect(second - first).toBeGreaterThan(3 * 16);
  });

  it('name the folder that cannot be written to', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => tensorBoard(join(file, 'logs')).onStart([])).toThrow(
      /file\/logs: event files cannot be written there/,
    );
  });
});
