import { useLatest } from '../../useAnswer.ts';

/** Similar items that are looked at for each item of the reader. */
const NEIGHBOURS = 1000;
/** Items of the reader that are looked at: each is a request. */
const MOST = 10;

/**
 * Returns, for each recommended item, the item of the reader that is most similar to it. A model that has no weights
 * for a reason (null) gives none.
 */
export function useReasons(
  reference: string | null,
  picked: readonly string[],
  recommended: readonly string[],
): ReadonlyMap<string, string> {
  const asked = picked.slice(-MOST);
  const key = reference !== null && asked.length > 0 ? JSON.stringify([reference, asked]) : null;
  const { answer = [] } = useLatest(key, async ({ run }) =>
    Promise.all(
      asked.map(async (item) => {
        const { items } = await run({
          model: reference!,
          operation: 'similar',
          body: { item, k: NEIGHBOURS },
        });
        return { item, scores: new Map(items.map((each) => [each.item, each.score])) };
      }),
    ),
  );
  const reasons = new Map<string, string>();
  for (const item of recommended) {
    const scored = answer.filter(({ item: own, scores }) => picked.includes(own) && scores.has(item));
    const [best] = scored.toSorted((a, b) => b.scores.get(item)! - a.scores.get(item)!);
    if (best) reasons.set(item, best.item);
  }
  return reasons;
}
