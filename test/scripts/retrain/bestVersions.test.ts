import { describe, expect, it } from 'vitest';
import { bestVersions } from '../../../scripts/retrain/bestVersions.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

describe('the best version', () => {
  it('is that of the best recorded metric, whichever was trained last', async () => {
    const root = temporaryFolder();
    const version = async (epochs: number, seed = 1) => {
      const settings = { hidden: [8], codeSize: 1, epochs };
      const { artifact } = await train({
        force: true,
        name: 'curve',
        data: curve(80),
        settings,
        seed,
        out: root,
      });
      return artifact.manifest;
    };
    const good = await version(12);
    await version(1);
    const [chosen] = await bestVersions([], 'mse', root);
    expect(chosen!.artifact.manifest.version).toBe(good.version);
    expect(chosen!.why).toMatch(/^the lowest mse of 2 versions, 0\.\d+$/);
    await version(1, 2);
    const [again] = await bestVersions(['curve'], 'mse', root);
    expect(again!.why).toContain('the versions were measured on different rows: npm run compare -- curve@');

    await expect(bestVersions(['curves'], 'mse', root)).rejects.toThrow(
      /received 'curves'; did you mean 'curve'\?/,
    );
    await expect(bestVersions([], 'mze', root)).rejects.toThrow(
      /--best: expected a metric of curve that rates it: .*did you mean 'mse'\?/,
    );
  });

  it('needs a model', async () => {
    await expect(bestVersions([], 'mse', temporaryFolder())).rejects.toThrow(/there is no model/);
  });
});
