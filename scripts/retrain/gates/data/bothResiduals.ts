import type { Profile } from '../../../../training/data/profile.ts';
import type { Residuals } from '../../../../training/data/residuals.ts';
import { explainedIn } from './explained.ts';

export interface ToldResiduals extends Residuals {
  /** Share of the column that the others explain. */
  readonly share: number;
}

export interface BothResiduals {
  readonly own: ToldResiduals;
  readonly old: ToldResiduals;
}

/** Residuals of the columns that both have; none against the profile of an earlier release. */
export function bothResiduals(now: Profile, before: Profile | undefined): BothResiduals[] {
  const known = new Map((before === undefined ? [] : residualsIn(before)).map((each) => [each.column, each]));
  return residualsIn(now).flatMap((own) => {
    const old = known.get(own.column);
    return old === undefined ? [] : [{ own, old }];
  });
}

function residualsIn(profile: Profile): ToldResiduals[] {
  const shares = new Map(explainedIn(profile).map(({ column, share }) => [column, share]));
  return (profile.relations?.residuals ?? []).map((each) => ({
    ...each,
    share: shares.get(each.column) ?? 0,
  }));
}
