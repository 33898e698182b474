/** The README of each package: short, with links to the repository's pages. */

const COMMANDS = `npm install latentedge
npx latentedge init my-models`;

const READMES = {
  latentedge: `# latentedge

Train autoencoders from TypeScript, ship them as ONNX, and serve encoding, dimensionality reduction, anomaly scores, samples and recommendations from Cloudflare Workers. No Python.

\`\`\`sh
${COMMANDS}
\`\`\`

\`\`\`ts
import { fromRows, train } from 'latentedge';

const { artifact } = await train({ name: 'sensors', data: fromRows(rows), settings: { codeSize: 2 } });
\`\`\`

\`npx latentedge --help\` lists all commands, among them \`train\`, \`evaluate\`, \`serve\`, \`deploy\` and \`retrain\`.

Call the API of a deployed Worker with the package \`latentedge-client\`, or with any HTTP client: the Worker describes its API at \`/docs\` and \`/openapi.json\`.
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

export function readmeOf(name: keyof typeof READMES): string {
  return READMES[name];
}
