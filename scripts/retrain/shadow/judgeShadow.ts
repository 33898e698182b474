/** The gate `shadow`, asked before a version that was a shadow answers clients. */
import type { Aliases } from '../../../shared/aliases.ts';
import type { Given } from '../again.ts';
import { type Judged, judgeAll, requirePassed, verdictLine } from '../gates/judging.ts';
import { LIVE_GATES } from '../gates/live.ts';
import type { LiveWorker } from '../live.ts';
import { readShadow, shadowLines } from './figures.ts';

/** Requests that a shadow is judged by. */
export const SHADOW_ANSWERS = 200;
/** Seconds for which the isolates of a Worker are asked for what they have counted so far. */
const SECONDS = 3;

export interface ShadowJudging {
  readonly live: Pick<LiveWorker, 'stats'>;
  readonly model: string;
  /** The aliases that name the shadow. */
  readonly aliases: Aliases;
  readonly atLeast?: number;
  /** Seconds for which requests are waited for. */
  readonly seconds?: number;
  readonly limits?: Readonly<Record<string, number>>;
  /** Names of the gates whose refusal is accepted. */
  readonly accept: readonly string[];
  readonly command: Given;
  readonly print: (line: string) => void;
}

/**
 * Reads what the running Worker knows of a shadow, and judges it.
 * @throws {GateError} with what to do, if the gate refuses.
 */
export async function judgeShadow({
  live,
  model,
  aliases: { production, shadow },
  atLeast = SHADOW_ANSWERS,
  seconds = SECONDS,
  limits = {},
  accept,
  command,
  print,
}: ShadowJudging): Promise<readonly Judged[]> {
  const versions = { model, production, shadow: shadow!.version };
  print(`for up to ${seconds} s, or until the shadow has been asked ${atLeast} requests`);
  const figures = await readShadow(live, versions, { enough: atLeast, seconds });
  for (const line of figures ? shadowLines(figures) : []) print(line);
  const judged = await judgeAll(LIVE_GATES, { figures, atLeast }, { limits, accept });
  for (const each of judged) print(verdictLine(each));
  requirePassed(judged, command);
  return judged;
}
