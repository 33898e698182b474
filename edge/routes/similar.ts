import * as z from 'zod';
import { Answered, NoQuery } from '../../shared/api.ts';
import { ItemId, int64s, itemNumbers, RankedItems, rankedItems, TopK } from '../operations/items.ts';
import { bodyOperation } from '../operations/operation.ts';
import { ProblemError } from '../problems.ts';

/** `POST /v1/models/{name}[@{version}]/similar`: the items that a model takes to be most like one. */
export const similar = bodyOperation({
  summary: 'One item to those most like it, by the cosine of the weights that decode them.',
  graphs: ['similar'],
  body: z.strictObject({ item: ItemId, k: TopK.default(20) }),
  query: NoQuery,
  answer: Answered.extend({ items: RankedItems }),
  example: {
    request: { item: '318', k: 2 },
    answer: {
      items: [
        { item: '527', score: 0.83 },
        { item: '593', score: 0.79 },
      ],
    },
  },
  problems: ['unknown-item'],
  async run(model, { item, k }) {
    const { manifest } = model;
    const known = itemNumbers(manifest);
    const number = known.get(item);
    if (number === undefined) {
      const detail = `There is no item ${JSON.stringify(item.slice(0, 60))} in the training data of ${manifest.name}.`;
      throw new ProblemError('unknown-item', { detail, received: item.slice(0, 60) });
    }
    const inputs = { items: int64s([number], [1]), k: int64s([Math.min(k, known.size)], [1]) };
    const answers = await model.run('similar', inputs, ['similar', 'scores']);
    return { body: () => ({ items: rankedItems(manifest, answers.similar, answers.scores) }) };
  },
});
