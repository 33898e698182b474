/** What `npm run demo -- --public` does after training, with the models of the folder that it runs in. */
import { newestArtifacts } from '../../../scripts/cli/artifacts.ts';
import { publishDemo } from '../../../scripts/demo/publicDemo.ts';
import { readArtifact } from '../../../training/artifact/artifact.ts';

const newest = await newestArtifacts('artifacts');
const artifacts = await Promise.all(newest.map(({ directory }) => readArtifact(directory)));
const demo = await publishDemo(artifacts, { print: () => undefined, stdout: 2 });
process.stdout.write(JSON.stringify(demo));
