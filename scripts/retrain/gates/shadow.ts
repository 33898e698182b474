import { percent } from '../../../training/report/format.ts';
import { SLOW } from '../canary/judgeAnswers.ts';
import { durationBelow } from '../canary/tally.ts';
import type { ShadowFigures } from '../shadow/figures.ts';
import type { LiveGate } from './gate.ts';

/** Judges a shadow by the requests that it was asked besides production. */
export const shadow: LiveGate = {
  summary:
    'of enough requests that the shadow was asked besides production, it has answered every one, its 95th percentile is at most twice that of production and 0.1 s, and at most this share of its verdicts and first items differ',
  limit: 0.05,
  remedy:
    'too few requests: let it answer for longer, or a larger share (publish --shadow); otherwise train another version',
  acceptedIf: 'it is to answer clients all the same',
  judge: ({ figures, atLeast }, limit) => {
    if (figures === undefined)
      return {
        passed: false,
        figures:
          'not known: /admin/stats of the Worker gave no answer to the key, which needs the scope admin',
      };
    const { requests, errors, dropped, judged, differing, isolates } = figures;
    const { own, production, isSlow } = percentiles(figures);
    const share = differing / Math.max(1, judged);
    const parts = [
      `${requests} of ${atLeast} requests compared, in ${isolates} ${isolates === 1 ? 'isolate' : 'isolates'} (${dropped} not copied)`,
      `${errors} failed`,
      ...(requests === 0 ? [] : [`p95 up to ${own} s, production ${production} s`]),
      judged === 0
        ? 'no verdicts'
        : `${percent(share)} of ${judged} verdicts differ, limit ${percent(limit)}`,
    ];
    return {
      passed: requests >= atLeast && errors === 0 && !isSlow && share <= limit,
      figures: parts.join('; '),
      figure: share,
      threshold: limit,
    };
  },
};

/** Known by the bounds of a histogram. */
function percentiles({ durations, productionDurations, bounds }: ShadowFigures) {
  const below = (counts: readonly number[]) => durationBelow({ durations: counts }, bounds, 0.95);
  const [own, production] = [below(durations), below(productionDurations)];
  const allowed = SLOW.times * production + SLOW.seconds;
  return { own, production, isSlow: own > (bounds.find((each) => each >= allowed) ?? Infinity) };
}
