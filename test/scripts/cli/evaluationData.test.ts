import { expect, it } from 'vitest';
import { evaluationData } from '../../../scripts/cli/evaluationData.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { written } from '../../support/data/tables.ts';

it('a model keeps its columns, though one of them would be taken for the label today', async () => {
  const lines = Array.from({ length: 60 }, (_, row) => `${row % 7},${row % 10 ? 'ok' : 'faulty'}`);
  const location = written('machines.csv', `heat,status\n${lines.join('\n')}\n`);
  const read = async (names: readonly string[]) => {
    const manifest = {
      name: 'machines',
      recipe: { name: 'anomaly', config: { validationShare: 0.1, testShare: 0.3 } },
      features: {
        names,
        columns: names.map((name) => ({ type: name === 'heat' ? 'number' : 'category', transforms: [] })),
      },
      metrics: {},
      graphs: {},
      data: { source: location, location },
      training: { seed: 1 },
    };
    const { labels, preprocessing } = await evaluationData(manifest as unknown as Manifest);
    return [labels?.name, preprocessing!.columns.map(({ name }) => name)];
  };
  expect(await read(['heat', 'status'])).toEqual([undefined, ['heat', 'status']]);
  expect(await read(['heat'])).toEqual(['status', ['heat']]);
});
