import type { Manifest } from '../../../../shared/manifest.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';

/** Reports which items a recommender gains and loses. A catalogue changes every night, but not all of it. */
export const catalogue: DataGate = {
  summary: "of a recommender, the items that are gone had at most this share of the champion's interactions",
  limit: 0.2,
  judge: ({ data, champion }, limit) => {
    const change = champion && catalogueChange(champion, data.featureNames);
    if (change === undefined) return undefined;
    const { added, removed, lost } = change;
    return {
      passed: lost <= limit,
      figures: `${added} items added, ${removed} removed, which had ${percent(lost)} of the interactions, limit ${percent(limit)}`,
      figure: lost,
      threshold: limit,
    };
  },
};

export interface CatalogueChange {
  readonly added: number;
  readonly removed: number;
  /** Share of the champion's interactions that were with removed items. */
  readonly lost: number;
}

/** Compares items by id; undefined for models that recommend nothing, or whose items have no ids. */
export function catalogueChange(
  { graphs, features }: Manifest,
  names: readonly string[] | null,
): CatalogueChange | undefined {
  if (graphs.recommend === undefined || features.names === null || names === null) return undefined;
  const [old, now] = [new Set(features.names), new Set(names)];
  const removed = features.names.map((name, item) => ({ name, share: features.statistics.mean[item] ?? 0 }));
  const gone = removed.filter(({ name }) => !now.has(name));
  const total = (items: readonly { readonly share: number }[]) =>
    items.reduce((sum, { share }) => sum + share, 0);
  return {
    added: names.filter((name) => !old.has(name)).length,
    removed: gone.length,
    lost: total(gone) / total(removed),
  };
}
