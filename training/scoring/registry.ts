/** The members of the ensemble, by name. Their weights are equal: nothing is fitted to labels. */
import type { MemberName } from '../../shared/figureNames.ts';
import type { Member } from './member.ts';
import { components } from './members/components.ts';
import { deviation } from './members/deviation.ts';
import { forest } from './members/forest.ts';
import { joint } from './members/joint.ts';
import { neighbours } from './members/neighbours.ts';
import { rarity } from './members/rarity.ts';

export const MEMBERS = {
  components,
  deviation,
  forest,
  joint,
  neighbours,
  rarity,
} as const satisfies Record<MemberName, Member>;
