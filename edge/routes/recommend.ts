import * as z from 'zod';
import { Answered, NoQuery } from '../../shared/api.ts';
import { ItemId, int64s, itemNumbers, RankedItems, rankedItems, TopK } from '../operations/items.ts';
import { bodyOperation } from '../operations/operation.ts';

/** `POST /v1/models/{name}[@{version}]/recommend`: what a user will like, of what they have not had. */
export const recommend = bodyOperation({
  summary: 'The items of one user to the items that they are likely to have next.',
  graphs: ['recommend'],
  body: z.strictObject({
    items: z
      .array(ItemId)
      .max(10_000)
      .describe('What the user had; ids that the model does not know count for nothing.'),
    k: TopK.default(20),
  }),
  query: NoQuery,
  answer: Answered.extend({
    items: RankedItems,
    unknown: z.array(z.string()).describe('Those of the ids that the model does not know.'),
  }),
  example: {
    request: { items: ['318', '296', '593'], k: 2 },
    answer: {
      items: [
        { item: '356', score: 7.21 },
        { item: '527', score: 6.94 },
      ],
      unknown: [],
    },
  },
  async run(model, { items, k }) {
    const { manifest } = model;
    const known = itemNumbers(manifest);
    const had = [...new Set(items.map((id) => known.get(id) ?? -1))].filter((number) => number >= 0);
    // -1 stands for no item: a list may not be empty.
    const inputs = {
      items: int64s(had.length === 0 ? [-1] : had, [1, Math.max(1, had.length)]),
      k: int64s([Math.min(k, known.size)], [1]),
    };
    const { recommended, scores } = await model.run('recommend', inputs, ['recommended', 'scores']);
    const unknown = items.filter((id) => !known.has(id));
    return { body: () => ({ items: rankedItems(manifest, recommended, scores), unknown }) };
  },
});
