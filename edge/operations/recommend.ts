import * as z from 'zod';
import { OperationAnswer } from '../../shared/api.ts';
import { graphSpec, type Manifest } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';
import { bodyOperation, type RunningModel } from '../requests/operation.ts';
import { assertCount } from '../requests/rowLimit.ts';
import {
  comparedRankings,
  ItemId,
  ItemQuery,
  idLists,
  int64s,
  itemNumbers,
  mostPopular,
  type RankedItem,
  RankedItems,
  rankedItems,
  TopK,
  titled,
} from './items.ts';
import { itemsWhere, Where } from './where.ts';

const ItemIds = z.array(ItemId).max(10_000);

/** Most users in one request, and most items in the lists of its answer together. */
const MOST_USERS = 256;
const MOST_RANKED = 51_200;
/**
 * Most values of a tensor in one run of the graph, which holds a score of every item for each user, and the weights of
 * each item that a user has. There are about ten such tensors at a time, of 2 MB each.
 */
const MOST_VALUES = 2 ** 19;

const Ranking = z.strictObject({
  items: RankedItems,
  basedOn: z
    .enum(['items', 'popularity'])
    .describe(
      'What the ranking is based on: the items of the user or, if the model knows none of them, popularity; the score is then the share of training users.',
    ),
  unknown: z.array(z.string()).describe('The ids among the items of the user that the model does not know.'),
});

/** `POST /v1/models/{name}[@{version}]/recommend`: items that users are likely to want next. */
export const recommend = bodyOperation({
  summary: 'Recommends items to one user, or to up to 256, given the items that each has.',
  graphs: ['recommend'],
  body: z
    .strictObject({
      items: ItemIds.describe(
        'The items of the user; ids that the model does not know are ignored.',
      ).optional(),
      users: z
        .array(ItemIds)
        .min(1)
        .max(MOST_USERS)
        .describe('In place of `items`: the items of each of up to 256 users.')
        .optional(),
      k: TopK.default(20),
      excludeSeen: z
        .boolean()
        .describe('True to leave the items of each user out of their answer.')
        .default(true),
      allow: ItemIds.describe('The only items that may be recommended; all by default.').optional(),
      deny: ItemIds.describe('Items that are never recommended.').default([]),
      where: Where.optional(),
    })
    .refine(
      ({ items, users }) => (items === undefined) !== (users === undefined),
      'expected items, those of one user, or users, a list of the items of each',
    ),
  query: ItemQuery,
  // One type for one user and several, so that clients need not tell two types of answers apart.
  answer: z.lazy(() =>
    OperationAnswer.extend({
      ...Ranking.shape,
      users: z
        .array(Ranking)
        .describe(
          'With `users`: the ranking for each of them, in order; that of the first is in the other members, too.',
        )
        .optional(),
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
  problems: ['filters-not-offered', 'invalid-filter', 'too-many-rows'],
  compared: comparedRankings,
  async run(model, { items, users, k, excludeSeen, allow, deny, where }, _maxRows, query) {
    const { manifest } = model;
    const numbers = itemNumbers(manifest);
    const withTitles = titled(manifest, query, numbers);
    const lists = users ?? [items!];
    assertCount(lists.length, Math.floor(MOST_RANKED / k));
    const known = (ids: readonly string[]) => [...new Set(ids.flatMap((id) => numbers.get(id) ?? []))];
    const allowed = intersection(where && itemsWhere(manifest, where), allow && known(allow));
    const denied = known(deny);
    const isDefault = excludeSeen && allowed === undefined && deny.length === 0;
    const asked = lists.map((ids): Asked => {
      const had = known(ids);
      return { had, excluded: excludeSeen ? [...new Set([...had, ...denied])] : denied };
    });
    const rankings = await ranked(model, asked, { k: Math.min(k, numbers.size), allowed, isDefault });
    const answered = lists.map((ids, user) => {
      const basedOn = asked[user]!.had.length === 0 ? ('popularity' as const) : ('items' as const);
      const unknown = [...new Set(ids.filter((id) => !numbers.has(id)))];
      return { items: withTitles(rankings[user]!), basedOn, unknown };
    });
    return { body: () => ({ ...answered[0]!, ...(users !== undefined && { users: answered }) }) };
  },
});

/** Numbers of the items that a user has, and of those that are not recommended to them. */
interface Asked {
  readonly had: readonly number[];
  readonly excluded: readonly number[];
}

interface Ranked {
  readonly k: number;
  /** Numbers of the only items that may be recommended; undefined allows all. */
  readonly allowed: readonly number[] | undefined;
  /** True if the items of each user are left out, and no others. */
  readonly isDefault: boolean;
}

/** Returns the items for each user, best first: by the graph, or by popularity for those without known items. */
async function ranked(
  model: RunningModel,
  asked: readonly Asked[],
  { k, allowed, isDefault }: Ranked,
): Promise<RankedItem[][]> {
  const { manifest } = model;
  const rankings = asked.map(({ had, excluded }) =>
    had.length === 0 ? mostPopular(manifest, k, { excluded, allowed }) : [],
  );
  // Nothing is allowed, but to the graph an empty list would mean everything.
  if (allowed?.length === 0) return rankings;
  const known = asked.flatMap(({ had }, user) => (had.length === 0 ? [] : [user]));
  const longest = Math.max(...asked.map(({ had }) => had.length));
  const { features, codeSize } = manifest;
  const size = Math.max(1, Math.floor(MOST_VALUES / Math.max(features.count, longest * codeSize)));
  for (let start = 0; start < known.length; start += size) {
    const part = known.slice(start, start + size);
    const filters = takesFilters(manifest)
      ? {
          excluded: idLists(part.map((user) => asked[user]!.excluded)),
          allowed: idLists(part.map(() => allowed ?? [])),
        }
      : withoutFilters(manifest, isDefault);
    const inputs = { items: idLists(part.map((user) => asked[user]!.had)), ...filters, k: int64s([k], [1]) };
    const { recommended, scores } = await model.run('recommend', inputs, ['recommended', 'scores']);
    part.forEach((user, row) => {
      rankings[user] = rankedItems(manifest, recommended, scores, row);
    });
  }
  return rankings;
}

/** Returns the items in both lists; undefined allows all. */
function intersection(
  one: readonly number[] | undefined,
  other: readonly number[] | undefined,
): readonly number[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const both = new Set(other);
  return one.filter((number) => both.has(number));
}

/** False for graphs of earlier releases, which leave out the items of the user, and nothing else. */
function takesFilters(manifest: Manifest): boolean {
  return graphSpec(manifest, 'recommend').inputs.some(({ name }) => name === 'excluded');
}

function withoutFilters({ name, version }: Manifest, isDefault: boolean): Readonly<Record<string, never>> {
  if (isDefault) return {};
  throw new ProblemError('filters-not-offered', {
    detail: `${name}@${version} was trained with a release without filters: leave out "allow", "deny" and "where", and keep "excludeSeen" true; or train the model again.`,
  });
}
