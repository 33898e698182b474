/**
 * Releases two versions of a model as `npm run retrain -- --release versions` does, next to the models that the
 * Worker was deployed with, and prints the tags of both.
 */

import { newestArtifacts } from '../../../scripts/cli/artifacts.ts';
import { versionsRelease } from '../../../scripts/retrain/release/versions.ts';
import { workersApi } from '../../../scripts/retrain/release/workersApi.ts';
import { runWrangler } from '../../../scripts/retrain/release/wrangler.ts';
import { withAnswers } from '../../../scripts/retrain/stored.ts';
import { publishArtifact } from '../../../scripts/store/publish.ts';
import { WHOLE_API } from '../../../scripts/worker/budget/measureBudget.ts';
import { readArtifact } from '../../../training/artifact/artifact.ts';
import { storedArtifact } from '../artifacts/storedArtifact.ts';
import { memoryBucket } from '../edge/memoryBucket.ts';

const bucket = memoryBucket();
for (const { directory } of await newestArtifacts())
  await publishArtifact(bucket, await withAnswers(await readArtifact(directory)));
const release = versionsRelease({
  bucket,
  api: workersApi,
  wrangler: runWrangler,
  replaceCode: false,
  access: WHOLE_API,
});
const artifacts = [1, 2].map((scale) => storedArtifact({ name: 'linear', scale }));
for (const artifact of artifacts) {
  await publishArtifact(bucket, artifact);
  await release.prepare({ ...artifact, answers: undefined, profile: undefined });
}
const [production, canary] = artifacts.map(({ manifest }) => manifest.version) as [string, string];
await release.follow('linear', { production, canary: { version: canary, percentage: 10 } });
process.stdout.write(JSON.stringify([production, canary]));
