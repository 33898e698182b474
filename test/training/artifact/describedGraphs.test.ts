import { expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { ModelProto } from '../../../training/graph/schema.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';
import { understood } from '../../support/training/foreignModels.ts';

it('graphs say what they are, and are imported with the names of their features', async () => {
  const data = { ...curve(60), featureNames: ['a', 'b', 'c', 'd', 'e', 'f'] };
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'curve',
    data,
    settings: { codeSize: 2, epochs: 1 },
    out: temporaryFolder(),
  });
  const { producerName, producerVersion, docString, metadataProps } = ModelProto.decode(
    artifact.graphs.encoder,
  );
  expect([producerName, producerVersion]).toEqual(['latentedge', packageJson.version]);
  expect(docString).toBe(
    'The encoder of curve, a model of the variant undercomplete for rows of 6 features.',
  );
  expect(Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]))).toEqual({
    ...{ model: 'curve', variant: 'undercomplete', graph: 'encoder' },
    features: '["a","b","c","d","e","f"]',
  });
  const { sample, model } = await understood(artifact.graphs.encoder);
  expect(sample.names).toEqual(data.featureNames);
  expect(model.roles).toMatchObject([{ role: 'code' }]);
});
