/** Reports of artifacts on disk. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { CodeStatistics } from '../evaluate/code.ts';
import { Evaluation } from '../evaluate/evidence/evaluation.ts';
import { replaceFile } from '../files.ts';
import type { Epoch } from '../fitting/fit.ts';
import { renderReport } from '../report/report.ts';
import type { ReportSource } from '../report/section.ts';
import { readArtifact, requireTrained } from './artifact.ts';

/**
 * Reads what an artifact's report is rendered from.
 * @throws {InputError} if the artifact is missing or damaged, or if this version cannot read its evaluation.
 */
export async function readReportSource(directory: string): Promise<ReportSource> {
  const { manifest, graphs } = requireTrained(await readArtifact(directory));
  if (manifest.files['evaluation.json'] === undefined) {
    throw new InputError(`${directory}: has no evaluation.json to make a report from; train it again`);
  }
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(directory, file), 'utf8'));
  const evaluation = Evaluation.safeParse(await read('evaluation.json'));
  if (!evaluation.success) {
    const [issue] = evaluation.error.issues;
    throw new InputError(
      `${join(directory, 'evaluation.json')}: '${issue!.path.join('.')}': ${issue!.message}; it was written by another version of latentedge; train it again`,
    );
  }
  // Not validated: readArtifact has checked their sha256.
  const history = (await read('history.json')) as readonly Epoch[];
  const { code } = (await read('metrics.json')) as { readonly code: CodeStatistics };
  return { manifest, history, evaluation: evaluation.data, code, graphs };
}

/** Renders an artifact's `report.html` again and returns its path; nothing else in the artifact changes. */
export async function rebuildReport(directory: string): Promise<string> {
  const path = join(directory, 'report.html');
  await replaceFile(path, [await renderReport(await readReportSource(directory))]);
  return path;
}
