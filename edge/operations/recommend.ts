import * as z from 'zod';
import { NoQuery, OperationAnswer } from '../../shared/api.ts';
import { graphSpec, type Manifest } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';
import { bodyOperation } from '../requests/operation.ts';
import { ItemId, idList, int64s, itemNumbers, mostPopular, RankedItems, rankedItems, TopK } from './items.ts';

const ItemIds = z.array(ItemId).max(10_000);

/** `POST /v1/models/{name}[@{version}]/recommend`: items that a user is likely to want next. */
export const recommend = bodyOperation({
  summary: 'Recommends items to one user, given the items that the user has.',
  graphs: ['recommend'],
  body: z.strictObject({
    items: ItemIds.describe('The items of the user; ids that the model does not know are ignored.'),
    k: TopK.default(20),
    excludeSeen: z.boolean().describe('True to leave the items of the user out of the answer.').default(true),
    allow: ItemIds.describe('The only items that may be recommended; all by default.').optional(),
    deny: ItemIds.describe('Items that are never recommended.').default([]),
  }),
  query: NoQuery,
  answer: z.lazy(() =>
    OperationAnswer.extend({
      items: RankedItems,
      basedOn: z
        .enum(['items', 'popularity'])
        .describe(
          'The basis of the ranking: the items of the user or, if the model knows none of them, popularity; the score is then the share of training users with the item.',
        ),
      unknown: z.array(z.string()).describe('The ids in `items` that the model does not know.'),
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
    // Nothing is allowed, but to the graph an empty list would mean everything.
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

/** False for graphs of earlier releases, which leave out the items of the user, and nothing else. */
function takesFilters(manifest: Manifest): boolean {
  return graphSpec(manifest, 'recommend').inputs.some(({ name }) => name === 'excluded');
}

function withoutFilters({ name, version }: Manifest, isDefault: boolean): Readonly<Record<string, never>> {
  if (isDefault) return {};
  throw new ProblemError('filters-not-offered', {
    detail: `${name}@${version} was trained with a release without filters: leave out "allow" and "deny", and keep "excludeSeen" true; or train the model again.`,
  });
}
