import * as z from 'zod';
import { OperationAnswer } from '../../shared/api.ts';
import { ProblemError } from '../problems.ts';
import { bodyOperation } from '../requests/operation.ts';
import { comparedRankings, ItemId, ItemQuery, itemNumbers, RankedItems, TopK, titled } from './items.ts';
import { neighboursInVectorize, neighboursInWorker } from './neighbours.ts';

/** `POST /v1/models/{name}[@{version}]/similar`: the items most similar to one item. */
export const similar = bodyOperation({
  summary: 'Finds the items most similar to one item, by the cosine of their decoder weights.',
  graphs: ['similar'],
  body: z.strictObject({ item: ItemId, k: TopK.default(20) }),
  query: ItemQuery,
  answer: z.lazy(() => OperationAnswer.extend({ items: RankedItems })),
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
  compared: comparedRankings,
  async run(model, { item, k }, _maxRows, query) {
    const { manifest, vectors } = model;
    const numbers = itemNumbers(manifest);
    const withTitles = titled(manifest, query, numbers);
    const number = numbers.get(item);
    if (number === undefined) {
      const detail = `There is no item ${JSON.stringify(item.slice(0, 60))} in the training data of ${manifest.name}.`;
      throw new ProblemError('unknown-item', { detail, received: item.slice(0, 60) });
    }
    const indexed = vectors && (await neighboursInVectorize(vectors, manifest).nearest(number, k));
    // A version that is not in the index yet is searched in the Worker.
    const items = indexed?.length ? indexed : await neighboursInWorker(model).nearest(number, k);
    return { body: () => ({ items: withTitles(items) }) };
  },
});
