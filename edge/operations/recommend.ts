import * as z from 'zod';
import { NoQuery, OperationAnswer } from '../../shared/api.ts';
import { graphSpec, type Manifest } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';
import { bodyOperation } from '../requests/operation.ts';
import { ItemId, idList, int64s, itemNumbers, mostPopular, RankedItems, rankedItems, TopK } from './items.ts';

const ItemIds = z.array(ItemId).max(10_000);

/** `POST /v1/models/{name}[@{version}]/recommend`: what a user will like, of what they have not had. */
export const recommend = bodyOperation({
  summary: 'The items of one user to the items that they are likely to have next.',
  graphs: ['recommend'],
  body: z.strictObject({
    items: ItemIds.describe('What the user had; ids that the model does not know count for nothing.'),
    k: TopK.default(20),
    excludeSeen: z.boolean().describe('Whether what the user had is left out of the answer.').default(true),
    allow: ItemIds.describe('Nothing else is answered; everything may be where not given.').optional(),
    deny: ItemIds.describe('What is never answered, whether the user had it or not.').default([]),
  }),
  query: NoQuery,
  answer: z.lazy(() =>
    OperationAnswer.extend({
      items: RankedItems,
      basedOn: z
        .enum(['items', 'popularity'])
        .describe(
          'What the ranking is made from: the items of the request or, where the model knows none of them, the share of the training users who had an item, which is then its score.',
        ),
      unknown: z.array(z.string()).describe('Those of the ids in `items` that the model does not know.'),
    }),
  ),
  example: {
    request: { items: ['318', '296', '593'], k: 2, deny: ['2571'] },
    answer: {
      items: [
        { item: '356', score: 7.21 },
        { item: '527', score: 6.94 },
      ],
      basedOn: 'items',
      unknown: [],
    },
  },
  problems: ['filters-not-offered'],
  async run(model, { items, k, excludeSeen, allow, deny }) {
    const { manifest } = model;
    const numbers = itemNumbers(manifest);
    const known = (ids: readonly string[]) => [...new Set(ids.flatMap((id) => numbers.get(id) ?? []))];
    const had = known(items);
    const excluded = [...new Set([...(excludeSeen ? had : []), ...known(deny)])];
    const allowed = allow && known(allow);
    const unknown = [...new Set(items.filter((id) => !numbers.has(id)))];
    if (had.length === 0) {
      const popular = mostPopular(manifest, k, { excluded, allowed });
      return { body: () => ({ items: popular, basedOn: 'popularity' as const, unknown }) };
    }
    // Nothing to rank, which for the graph would mean everything.
    if (allowed?.length === 0) return { body: () => ({ items: [], basedOn: 'items' as const, unknown }) };
    const filters = takesFilters(manifest)
      ? { excluded: idList(excluded), allowed: idList(allowed ?? []) }
      : withoutFilters(manifest, excludeSeen && allowed === undefined && deny.length === 0);
    const inputs = { items: idList(had), ...filters, k: int64s([Math.min(k, numbers.size)], [1]) };
    const { recommended, scores } = await model.run('recommend', inputs, ['recommended', 'scores']);
    return {
      body: () => ({ items: rankedItems(manifest, recommended, scores), basedOn: 'items' as const, unknown }),
    };
  },
});

/** Graphs made before there were filters leave out what the user had, and nothing else. */
function takesFilters(manifest: Manifest): boolean {
  return graphSpec(manifest, 'recommend').inputs.some(({ name }) => name === 'excluded');
}

function withoutFilters({ name, version }: Manifest, isDefault: boolean): Readonly<Record<string, never>> {
  if (isDefault) return {};
  throw new ProblemError('filters-not-offered', {
    detail: `${name}@${version} was made before there were filters: it answers without allow and deny, and without what the user had.`,
  });
}
