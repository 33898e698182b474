import { useMemo } from 'preact/hooks';
import type { ModelDescription } from '../../../../shared/api.ts';
import type { Form } from '../../address.ts';

export interface CatalogueItem {
  readonly item: string;
  readonly title?: string | undefined;
  /** The share of the training users who have the item, in [0, 1]. */
  readonly share: number;
}

export interface Catalogue {
  /** Most popular first. */
  readonly items: readonly CatalogueItem[];
  readonly shareOf: (item: string) => number;
  readonly titleOf: (item: string) => string | undefined;
}

/** Returns the items of a recommender, most popular first, from its description. */
export function useCatalogue({ features, itemTitles }: ModelDescription): Catalogue {
  return useMemo(() => {
    const { count, names, statistics } = features;
    const all = Array.from({ length: count }, (_, i): CatalogueItem => {
      const title = itemTitles?.[i] ?? undefined;
      return { item: names?.[i] ?? `${i}`, title, share: statistics.mean[i] ?? 0 };
    });
    const byId = new Map(all.map((each) => [each.item, each]));
    return {
      items: all.toSorted((a, b) => b.share - a.share),
      shareOf: (item) => byId.get(item)?.share ?? 0,
      titleOf: (item) => byId.get(item)?.title,
    };
  }, [features, itemTitles]);
}

/** The title of an item, or its id where it has none. */
export const titled = ({ titleOf }: Catalogue, item: string): string => titleOf(item) ?? item;

/** Items as `id_id_id`; ids with an underscore are escaped as all others are. */
export const IDS: Form<readonly string[]> = {
  read: (text: string) => text.split('_').map(decodeURIComponent),
  write: (ids: readonly string[]) => ids.map((id) => encodeURIComponent(id).replaceAll('_', '%5F')).join('_'),
};
