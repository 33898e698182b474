/**
 * Every gate, in the order of the verdicts. If one of the data refuses, nothing is trained; if any refuses, the
 * run ends before anything is published.
 */
import { budget } from './budget.ts';
import { champion } from './champion.ts';
import { appeared } from './data/appeared.ts';
import { catalogue } from './data/catalogue.ts';
import { classes } from './data/classes.ts';
import { clipped } from './data/clipped.ts';
import { columns } from './data/columns.ts';
import { contradicted } from './data/contradicted.ts';
import { creep } from './data/creep.ts';
import { distinct } from './data/distinct.ts';
import { enough } from './data/enough.ts';
import { explained } from './data/explained.ts';
import { extremes } from './data/extremes.ts';
import { fresh } from './data/fresh.ts';
import { gaps } from './data/gaps.ts';
import { groups } from './data/groups.ts';
import { halves } from './data/halves.ts';
import { held } from './data/held.ts';
import { imputed } from './data/imputed.ts';
import { missing } from './data/missing.ts';
import { noise } from './data/noise.ts';
import { order } from './data/order.ts';
import { pairs } from './data/pairs.ts';
import { period } from './data/period.ts';
import { quantiles } from './data/quantiles.ts';
import { range } from './data/range.ts';
import { ratios } from './data/ratios.ts';
import { relations } from './data/relations.ts';
import { rounded } from './data/rounded.ts';
import { rows } from './data/rows.ts';
import { shares } from './data/shares.ts';
import { spread } from './data/spread.ts';
import { stuck } from './data/stuck.ts';
import { sums } from './data/sums.ts';
import { tenths } from './data/tenths.ts';
import { truncated } from './data/truncated.ts';
import { unpaired } from './data/unpaired.ts';
import { vanished } from './data/vanished.ts';
import { drift } from './drift.ts';
import { familiar } from './familiar.ts';
import { flagged } from './flagged.ts';
import type { DataGate, Gate, ModelGate, VersionGate } from './gate.ts';
import { labels } from './labels.ts';
import { LIVE_GATES } from './live.ts';
import { mean } from './mean.ts';
import { parity } from './parity.ts';
import { pca } from './pca.ts';
import { recalled } from './recalled.ts';
import { schema } from './schema.ts';
import { untrained } from './untrained.ts';

/** Checked before training. */
export const DATA_GATES = {
  enough,
  rows,
  distinct,
  columns,
  missing,
  stuck,
  held,
  clipped,
  truncated,
  rounded,
  range,
  extremes,
  spread,
  quantiles,
  appeared,
  vanished,
  shares,
  classes,
  relations,
  order,
  ratios,
  sums,
  explained,
  groups,
  pairs,
  unpaired,
  gaps,
  imputed,
  noise,
  contradicted,
  halves,
  tenths,
  creep,
  fresh,
  period,
  catalogue,
} as const satisfies Record<string, DataGate>;

/** Checked after training. */
export const MODEL_GATES = {
  recalled,
  schema,
  drift,
  familiar,
  champion,
  labels,
  flagged,
  untrained,
  mean,
  pca,
  parity,
  budget,
} as const satisfies Record<string, ModelGate>;

/** Checked before a version from elsewhere is published. */
export const VERSION_GATES = { schema, parity, budget } as const satisfies Record<string, VersionGate>;

export const GATES = { ...DATA_GATES, ...MODEL_GATES, ...LIVE_GATES } as const satisfies Record<string, Gate>;

export type GateName = keyof typeof GATES;
