import { Matrix as DoubleMatrix, inverse } from 'ml-matrix';
import { expect, it } from 'vitest';
import { columnsOf } from '../../../training/data/entries.ts';
import { linearStart, MOST_USERS, PENALTY } from '../../../training/models/linearStart.ts';
import { recommender } from '../../../training/models/recommender.ts';
import { tastes } from '../../support/data/data.ts';

const { rows } = tastes(40);

it('scores the items that users do not have as EASE does, times ten', () => {
  const { rowCount: users, width: items } = rows;
  const { encoder, decoder } = linearStart(rows, items);
  const x = DoubleMatrix.zeros(users, items);
  for (let user = 0; user < users; user++) for (const item of columnsOf(rows, user)) x.set(user, item, 1);
  // B = I - P / diag(P), where P is the inverse of X'X + penalty.
  const p = inverse(DoubleMatrix.add(x.transpose().mmul(x), DoubleMatrix.eye(items).mul(PENALTY)));
  const product = DoubleMatrix.from1DArray(items, items, Array.from(encoder))
    .transpose()
    .mmul(DoubleMatrix.from1DArray(items, items, Array.from(decoder)));
  for (let i = 0; i < items; i++) {
    for (let j = 0; j < items; j++)
      if (i !== j) expect(product.get(i, j)).toBeCloseTo((-10 * p.get(i, j)) / p.get(j, j), 5);
  }
});

it('initialises models that have such weights, and no others', async () => {
  const tools = { singularVectors: async () => expect.fail('EASE needs no singular vectors') };
  const start = async (settings: object, given = rows) => {
    const config = recommender.config.parse({ kind: 'mult-dae', hidden: [], ...settings });
    return recommender.start!(config, given, tools);
  };
  expect([...(await start({}))!.keys()]).toHaveLength(4);
  expect(await start({ kind: 'mult-vae', hidden: [8] })).toBeUndefined();
  expect(await start({ hidden: [8] })).toBeUndefined();
  expect(await start({ decoderHidden: [8] })).toBeUndefined();
  expect(await start({ start: 'random' })).toBeUndefined();
  expect(await start({}, tastes(MOST_USERS + 1).rows)).toBeUndefined();
});
