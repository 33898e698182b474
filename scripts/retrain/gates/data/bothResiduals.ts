import type { Profile } from '../../../../training/data/profile.ts';
import type { Residuals } from '../../../../training/data/residuals.ts';

export interface BothResiduals {
  readonly own: Residuals;
  readonly old: Residuals;
}

/** Residuals of the columns that both have; none against the profile of an earlier release. */
export function bothResiduals(now: Profile, before: Profile | undefined): BothResiduals[] {
  const known = new Map(before?.relations?.residuals?.map((each) => [each.column, each]));
  return (now.relations?.residuals ?? []).flatMap((own) => {
    const old = known.get(own.column);
    return old === undefined ? [] : [{ own, old }];
  });
}
