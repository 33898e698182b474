/** The README of each package: short; that of the library leads to the pages that are packed with it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../cli/places.ts';
import { ofProject } from './docs.ts';

const READMES = {
  latentedge: `# latentedge

Train autoencoders from TypeScript, ship them as ONNX, and serve encoding, dimensionality reduction, anomaly scores, samples and recommendations from Cloudflare Workers. No Python.

## A new project

\`\`\`sh
npx latentedge init my-models
cd my-models
npm install
npm run train
npm run dev
\`\`\`

## A Worker that you have

\`\`\`sh
npm install latentedge
npx latentedge init --into .
\`\`\`

## In code

\`\`\`ts
import { fromRows, train } from 'latentedge';

const rows = Array.from({ length: 1000 }, (_, i) => [0, 1, 2, 3].map((k) => Math.sin(i / 200 + k)));
const { artifact } = await train({ name: 'waves', data: fromRows(rows), settings: { codeSize: 2 } });
console.log(artifact.directory, artifact.manifest.metrics.mse);
\`\`\`

Call the API of a deployed Worker with the package \`latentedge-client\`, or with any HTTP client: the Worker describes its API at \`/docs\` and \`/openapi.json\`.

## Anomaly scores for my table

Several pages begin with this model, in the folder of a project. The first command writes a small CSV that stands in for yours:

<!-- pumps -->

Start \`npx latentedge serve\` after training: it serves the newest version of every model in \`artifacts/\`.

## Read on

- **Begin:** [in your project](docs/your-project.md), [models in your own Worker](docs/embedding.md).
- **Train:** [anomalies](docs/anomalies.md), [recommendations](docs/recommendations.md), [long series](docs/series.md), [embeddings for a vector store](docs/vector-stores.md), [semantic search](docs/semantic-search.md), [tables](docs/tables.md), [find settings](docs/tuning.md), [images and sequences](docs/images-and-sequences.md), [from TypeScript](docs/training.md), [models of PyTorch, Keras and scikit-learn](docs/importing.md).
- **Run:** [call the API](docs/serving.md), [deploy](docs/deploying.md), [jobs on millions of rows](docs/jobs.md), [models as tools of agents](docs/mcp.md), [retrain every night](docs/retraining.md), [try a version unseen](docs/shadow.md), [learn from production](docs/production.md), [the playground](docs/playground.md), [the frozen runtime](docs/frozen-runtime.md).
- **Look it up:** \`npx latentedge --help\`; [recipes](docs/reference/recipes.md), [variants](docs/reference/variants.md), [settings](docs/reference/settings.md), [sources](docs/reference/sources.md), [transforms](docs/reference/transforms.md), [predictors](docs/reference/predictors.md), [layers](docs/reference/layers.md), [losses](docs/reference/losses.md), [operations](docs/reference/operations.md), [problems](docs/reference/problems.md), [gates](docs/reference/gates.md).
`,
  'latentedge-client': `# latentedge-client

A typed client for the HTTP API of a latentedge Worker. Its only dependency is hono. It runs in Node.js, browsers and Workers.

\`\`\`ts
import { createClient } from 'latentedge-client';

const client = createClient('https://latentedge.example.workers.dev', { headers: { 'X-API-Key': key } });
const response = await client.v1.models[':model'].encode.$post({
  param: { model: 'digits' },
  json: { rows: [pixels] },
});
if (!response.ok) throw new Error((await response.json()).detail);
const { codes } = await response.json();
\`\`\`
`,
} as const;

/** Where the library's README has that model. */
const PUMPS = '<!-- pumps -->';

export function readmeOf(name: keyof typeof READMES): string {
  return READMES[name].replace(PUMPS, () => ofProject(pumps()));
}

/** Returns the block of the repository's README that makes the model which several pages begin with. */
function pumps(): string {
  const readme = readFileSync(join(PACKAGE_FOLDER, 'README.md'), 'utf8');
  const block = readme.match(/^```sh\n[\s\S]*?^```$/gm)?.find((each) => each.includes('--name pumps'));
  if (block === undefined) throw new Error('README.md: expected a block that trains pumps');
  return block;
}
