/** Checking that the serving Worker gives the known answers of a version. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnsweredOperation, ProbedOperation } from '../../shared/answers.ts';
import { GateError } from '../../shared/errors.ts';
import type { LiveWorker, Probe, ProbedVersion } from './live.ts';
import type { Slot } from './release/release.ts';
import { answersOf, type StoredArtifact } from './stored.ts';
import type { Target } from './targets/target.ts';

/** A model and where it is served. */
interface ProbedTarget {
  readonly model: string;
  readonly target: Target;
}

/**
 * Returns a version with its known answers and its address under `slot`; undefined if it has no known
 * answers.
 */
export async function probedVersion(
  run: ProbedTarget,
  version: StoredArtifact,
  slot: Slot,
): Promise<ProbedVersion | undefined> {
  const known = answersOf(version);
  const { manifest } = version;
  if (known === undefined) return undefined;
  return { manifest, known, ...(await run.target.release.address(run.model, manifest.version, slot)) };
}

export function operationsIn({ known }: ProbedVersion): ProbedOperation[] {
  const answered = Object.keys(known.answers) as AnsweredOperation[];
  return known.recommend === undefined ? answered : [...answered, 'recommend'];
}

/**
 * Waits until every operation gives the known answers of this version. Other versions may answer, or none, until
 * the Worker has seen new aliases, and up to two problems, such as broken connections, are tolerated per
 * operation.
 * @throws {GateError} with the problem, or after `seconds` per operation with the version that answers
 * instead.
 */
export async function requireKnownAnswers(
  run: ProbedTarget,
  probed: ProbedVersion,
  seconds: number,
): Promise<void> {
  const { version } = probed.manifest;
  for (const operation of operationsIn(probed)) {
    let problems = 0;
    for (const started = performance.now(); ; await sleep(POLL_MS)) {
      const probe = await probeWithKey(run.target.live, operation, probed);
      const isRight = probe.problem === undefined && probe.version === version;
      if (isRight) break;
      // Versions are known by their own names at once.
      const isEarly = probe.isUnknown && probed.selector !== version;
      if (probe.problem !== undefined && !isEarly && ++problems === MAX_PROBLEMS)
        throw new GateError(probe.problem);
      if (performance.now() - started > seconds * 1000)
        throw new GateError(probe.problem ?? wrongVersion(probed, probe));
    }
  }
}

/**
 * Sends a known row, or asks for a known user.
 * @throws {GateError} if the Worker refuses the key: whatever else is asked, it will again.
 */
export async function probeWithKey(
  live: Pick<LiveWorker, 'probe'>,
  operation: ProbedOperation,
  probed: ProbedVersion,
): Promise<Probe> {
  const probe = await live.probe(operation, probed);
  if (probe.isRefused) throw new GateError(probe.problem!);
  return probe;
}

const POLL_MS = 250;
const MAX_PROBLEMS = 3;

function wrongVersion({ manifest: { name, version }, selector }: ProbedVersion, probe: Probe): string {
  return `${name}@${selector}: expected answers of ${version}, received those of ${probe.version}`;
}
