/** Titles and filters from the table of items, through every door. */
import { expect, test } from 'vitest';
import { createClient } from '../../edge/client.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';

const worker = edgeWorker();
const model = () => createClient(worker.url.href).v1.models[':model'];
const param = { model: 'shop' };
const query = { include: 'title' } as const;

test('titles are answered if they are asked for, null for an item without one', async () => {
  const json = { items: ['b'], k: 3 };
  const response = await model().recommend.$post({ param, json, query });
  if (!response.ok) throw new Error((await response.json()).detail);
  const answer = await response.json();
  expect(answer.items).toEqual([
    { item: 'd', score: 3, title: 'Dog' },
    { item: 'e', score: 2, title: null },
    { item: 'c', score: 1, title: null },
  ]);
  const bare = await model().recommend.$post({ param, json });
  expect(await bare.json()).toMatchObject({ items: answer.items.map(({ title: _, ...rest }) => rest) });
});

test('of several users, and of similar items', async () => {
  const json = { users: [['b'], []], k: 1, where: { kind: 'insect', legs: { min: 5, max: 6 } } };
  const response = await model().recommend.$post({ param, json, query });
  if (!response.ok) throw new Error((await response.json()).detail);
  const answer = await response.json();
  expect(answer.items).toEqual(answer.users![0]!.items);
  expect(answer.users).toEqual([
    { items: [{ item: 'a', score: 0.5, title: 'Ant' }], basedOn: 'items', unknown: [] },
    { items: [{ item: 'b', score: 0.875, title: 'Bee' }], basedOn: 'popularity', unknown: [] },
  ]);
  const similar = await model().similar.$post({ param, json: { item: 'a', k: 1 }, query });
  expect(await similar.json()).toMatchObject({ items: [{ item: 'b', title: 'Bee' }] });
});

test('the description of the model has the titles, names the columns, and the values to filter by', async () => {
  const response = await model().$get({ param });
  if (!response.ok) throw new Error((await response.json()).detail);
  const { itemColumns, itemTitles } = await response.json();
  expect(itemTitles).toEqual(['Ant', 'Bee', null, 'Dog', null]);
  expect(itemColumns).toEqual([
    { name: 'kind', type: 'category', values: ['insect', 'pet|mammal', 'pet', 'mammal'] },
    { name: 'legs', type: 'number' },
    { name: 'in_stock', type: 'boolean' },
  ]);
});
