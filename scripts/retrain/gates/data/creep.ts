import type { DataGate, DataInput, Verdict } from '../gate.ts';
import { appeared } from './appeared.ts';
import { classes } from './classes.ts';
import { clipped } from './clipped.ts';
import { contradicted } from './contradicted.ts';
import { explained } from './explained.ts';
import { groups } from './groups.ts';
import { halves } from './halves.ts';
import { held } from './held.ts';
import { imputed } from './imputed.ts';
import { missing } from './missing.ts';
import { noise } from './noise.ts';
import { order } from './order.ts';
import { pairs } from './pairs.ts';
import { quantiles } from './quantiles.ts';
import { relations } from './relations.ts';
import { rounded } from './rounded.ts';
import { withSameCategories } from './sameCategories.ts';
import { shares } from './shares.ts';
import { spread } from './spread.ts';
import { stuck } from './stuck.ts';
import { tenths } from './tenths.ts';
import { unpaired } from './unpaired.ts';
import { vanished } from './vanished.ts';

/**
 * Gates that compare columns with the champion's, by a difference. Ranges, and places beside other columns, are left
 * out, as an honest drift leaves those of weeks ago; rules between two columns do not change by degrees.
 */
const DIFFERENCES = {
  ...{ missing, stuck, held, clipped, rounded, quantiles, appeared, vanished, shares },
  ...{ relations, order, explained, groups, unpaired, imputed, contradicted, halves, tenths },
} as const satisfies Record<string, DataGate>;
/** Those that compare them by a factor, of which 1 is no change. */
const FACTORS = { spread, classes, pairs, noise } as const satisfies Record<string, DataGate>;

/** Names of the gates that are asked. */
export const CREEPING = Object.keys({ ...DIFFERENCES, ...FACTORS });

/** Detects what moves a little every night: each night passes, and is what the next one is compared with. */
export const creep: DataGate = {
  summary:
    'within 30 days, no column moves by more than this multiple of what one night may, by the limits of the gates from missing to tenths but truncated, range, extremes, ratios, sums and gaps',
  limit: 4,
  judge: async (input, limit) => {
    const { reference } = input;
    if (reference === undefined || input.before === undefined) return undefined;
    const now = withSameCategories(input.now, input.columns, reference.profile);
    const against = { ...input, now, before: reference.profile };
    const judged = [
      ...(await judgedBy(DIFFERENCES, against, (own) => limit * own)),
      ...(await judgedBy(FACTORS, against, (own) => 1 + limit * (own - 1))),
    ];
    const [worst] = judged.sort((a, b) => b.part - a.part);
    if (worst === undefined) return undefined;
    const { name, verdict, part } = worst;
    return {
      passed: judged.every((each) => each.verdict.passed),
      figures: `since ${reference.at.slice(0, 10)} (${reference.version}), by the gate ${name}: ${verdict.figures}`,
      figure: limit * part,
      threshold: limit,
      ...(verdict.column !== undefined && { column: verdict.column }),
    };
  },
};

interface JudgedBy {
  readonly name: string;
  readonly verdict: Verdict;
  /** The figure as a part of its threshold. */
  readonly part: number;
}

async function judgedBy(
  gates: Readonly<Record<string, DataGate>>,
  input: DataInput,
  widened: (limit: number) => number,
): Promise<JudgedBy[]> {
  const judged: JudgedBy[] = [];
  for (const [name, gate] of Object.entries(gates)) {
    const verdict = await gate.judge(input, widened(gate.limit!));
    if (verdict?.figure === undefined) continue;
    judged.push({ name, verdict, part: verdict.figure / verdict.threshold! });
  }
  return judged;
}
