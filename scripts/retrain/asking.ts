/** Asking the Worker that serves for the known answers of a version. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnsweredOperation } from '../../shared/answers.ts';
import { GateError } from '../../shared/errors.ts';
import type { Run } from './context.ts';
import type { Asked, Probe } from './live.ts';
import type { Slot } from './release/release.ts';
import { answersOf, type StoredArtifact } from './stored.ts';

/** What to ask a version for, as it is known under `slot`. */
export async function askedOf(run: Run, version: StoredArtifact, slot: Slot): Promise<Asked | undefined> {
  const known = answersOf(version);
  const { manifest } = version;
  return known && { manifest, known, ...(await run.target.release.asked(run.model, manifest.version, slot)) };
}

export function operationsIn({ known }: Asked): AnsweredOperation[] {
  return Object.keys(known.answers) as AnsweredOperation[];
}

/**
 * Every operation must give the known answers, from this version. Others may answer for a while, as long as a Worker takes
 * to see new aliases; a wrong answer may be a connection that broke, once or twice.
 * @throws {GateError} saying what was wrong.
 */
export async function requireAnswered(run: Run, asked: Asked, seconds: number): Promise<void> {
  const { version } = asked.manifest;
  for (const operation of operationsIn(asked)) {
    let problems = 0;
    for (const started = performance.now(); ; await sleep(POLL_MS)) {
      const probe = await run.target.live.probe(operation, asked);
      const isRight = probe.problem === undefined && probe.version === version;
      if (isRight) break;
      if (probe.problem !== undefined && ++problems === PROBLEMS) throw new GateError(probe.problem);
      if (performance.now() - started > seconds * 1000) throw new GateError(wrongVersion(asked, probe));
    }
  }
}

const POLL_MS = 250;
const PROBLEMS = 3;

function wrongVersion({ manifest: { name, version }, selector }: Asked, probe: Probe): string {
  return `${name}@${selector}: expected answers of ${version}, received those of ${probe.version}`;
}
