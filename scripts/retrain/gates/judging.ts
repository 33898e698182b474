/** Judging by gates: verdicts with what was accepted, as the log, the journal and the report show them. */
import { GateError } from '../../../shared/errors.ts';
import type { Given } from '../again.ts';
import type { Gate, Verdict } from './gate.ts';
import { DATA_GATES, GATES, type GateName } from './registry.ts';

/** A verdict as the journal keeps it. */
export interface Judged extends Verdict {
  readonly gate: GateName;
  /** True if the gate refused, and `--accept` let it pass. */
  readonly accepted: boolean;
}

export interface Judging {
  /** Limits that override the defaults, by the name of a gate or metric. */
  readonly limits: Readonly<Record<string, number>>;
  /** Names of the gates whose refusal is accepted. */
  readonly accept: readonly string[];
}

/** Gates that `--accept` takes. */
export const ACCEPTABLE = (Object.keys(GATES) as GateName[]).filter((name) => !('acceptable' in GATES[name]));

/** Asks every gate of a registry, in its order; leaves out those that do not apply. */
export async function judgeAll<Input>(
  gates: Readonly<Record<string, GateFor<Input>>>,
  input: Input,
  { limits, accept }: Judging,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const [name, gate] of Object.entries(gates)) {
    const verdict = await gate.judge(input, limits[name] ?? gate.limit ?? 0);
    if (verdict === undefined) continue;
    judged.push({ gate: name as GateName, ...verdict, accepted: !verdict.passed && accept.includes(name) });
  }
  return judged;
}

interface GateFor<Input> {
  readonly limit?: number;
  readonly judge: (input: Input, limit: number) => Verdict | undefined | Promise<Verdict | undefined>;
}

const WIDTH = Math.max(...Object.keys(GATES).map((name) => name.length));

export function verdictLine({ gate, passed, accepted, figures }: Judged): string {
  const verdict = passed ? 'passed  ' : accepted ? 'ACCEPTED' : 'REFUSED ';
  return `gate ${gate.padEnd(WIDTH)} ${verdict} ${figures}`;
}

/** Names what was accepted, for the history; undefined if nothing was. */
export function acceptedText(judged: readonly Judged[]): string | undefined {
  const accepted = judged.filter((each) => each.accepted).map(({ gate, figures }) => `${gate} (${figures})`);
  return accepted.length === 0 ? undefined : `accepted: ${accepted.join(', ')}`;
}

/** Gates whose figures an error tells: the log and the report have those of all. */
const TOLD = 4;

/** @throws {GateError} naming every gate that refuses, with figures of the first, and what to do next. */
export function requirePassed(judged: readonly Judged[], command: Given): void {
  const refused = judged.filter(({ passed, accepted }) => !passed && !accepted);
  if (refused.length === 0) return;
  const reasons = refused.slice(0, TOLD).map(({ gate, figures }) => `${gate} (${figures})`);
  const others = refused.slice(TOLD).map(({ gate }) => gate);
  const more = others.length === 0 ? '' : `, and by ${others.join(', ')}`;
  const next = adviceAfter(
    refused.map(({ gate }) => gate),
    command,
  );
  throw new GateError(`refused by ${reasons.join(' and ')}${more}`, { next });
}

/**
 * Advice after these gates have refused: what helps and, if all of them can be accepted, how. It ends with the whole
 * command, if there is one.
 */
export function adviceAfter(refused: readonly GateName[], { line, trains }: Given): string {
  const gates = refused.map((name): AdvisedGate => ({ name, ...(GATES[name] satisfies Gate as Gate) }));
  const final = gates.filter(({ acceptable }) => acceptable === false);
  // Accepting the others would not help.
  if (final.length > 0) {
    const flags = unique(final.map(({ remedyFlags }) => remedyFlags)).join(' ');
    return `${unique(final.map(remedyOf)).join('; ')}${trains ? `: ${line} ${flags}` : ''}`;
  }
  const cases = unique(gates.map(({ acceptedIf = 'the world has changed' }) => acceptedIf));
  const names = gates.filter(({ acceptedBy }) => acceptedBy === undefined).map(({ name }) => name);
  const flags = [
    ...unique(gates.map(({ acceptedBy }) => acceptedBy)),
    ...(names.length === 0 ? [] : [`--accept ${names.join(' ')}`]),
  ];
  const remedies = unique(gates.map(remedyOf));
  // Those who accept them would otherwise take the next refusal for the same one.
  const isEarly = trains && gates.some(({ name }) => Object.hasOwn(DATA_GATES, name));
  const more = isEarly ? ' (gates on the challenger come after training, and may refuse, too)' : '';
  return [...remedies, `if ${cases.join(', and ')}${more}: ${line} ${flags.join(' ')}`].join('; ');
}

type AdvisedGate = Gate & { readonly name: GateName };

function remedyOf({ name, remedy }: AdvisedGate): string | undefined {
  return (
    remedy ?? (Object.hasOwn(DATA_GATES, name) ? 'mend the data and run the same command again' : undefined)
  );
}

function unique(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}
