/** Every section of a report, in its order. */
import type { Section } from '../section.ts';
import { architecture } from './architecture.ts';
import { baselines } from './baselines.ts';
import { code } from './code.ts';
import { codeValues } from './codeValues.ts';
import { confusion } from './confusion.ts';
import { correlations } from './correlations.ts';
import { errors } from './errors.ts';
import { facts } from './facts.ts';
import { featureErrors } from './featureErrors.ts';
import { impostors } from './impostors.ts';
import { interpolations } from './interpolations.ts';
import { latentMap } from './latentMap.ts';
import { learning } from './learning.ts';
import { neighbours } from './neighbours.ts';
import { numbers } from './numbers.ts';
import { precisionRecall } from './precisionRecall.ts';
import { predicted } from './predicted.ts';
import { recommendations } from './recommendations.ts';
import { reconstructions } from './reconstructions.ts';
import { regularisation } from './regularisation.ts';
import { roc } from './roc.ts';
import { samples } from './samples.ts';
import { scatter } from './scatter.ts';
import { scatter3d } from './scatter3d.ts';
import { scoresByClass } from './scoresByClass.ts';
import { searches } from './searches.ts';
import { units } from './units.ts';

export const SECTIONS = {
  numbers,
  neighbours,
  searches,
  units,
  reconstructions,
  recommendations,
  samples,
  latentMap,
  interpolations,
  learning,
  regularisation,
  baselines,
  predicted,
  confusion,
  roc,
  precisionRecall,
  scoresByClass,
  impostors,
  errors,
  featureErrors,
  scatter,
  scatter3d,
  correlations,
  codeValues,
  code,
  architecture,
  facts,
} as const satisfies Record<string, Section>;
