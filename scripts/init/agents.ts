/** `AGENTS.md`: what a coding assistant has to know of a project that uses latentedge. */

const COMMANDS = `| command | what it does |
|---|---|
| \`npx latentedge train <recipe>\` | trains a recipe of \`models.ts\`, or one that comes with latentedge, and writes \`artifacts/<model>/<version>\` |
| \`npx latentedge train anomaly --data <file> --name <model>\` | scores how unusual the rows of any table are, without code |
| \`npx latentedge train tabular --data <file> --name <model>\` | compresses and reconstructs the rows of any table, without code |
| \`npx latentedge train recommend --data <file> --name <model>\` | recommends items to users, from a table of users and items |
| \`npx latentedge train --help\` | lists all recipes, for instance for vectors, series and images |
| \`npx latentedge score <model> --data <file> --out <scored.csv>\` | answers every row of a file without a Worker; \`--keep <id>\` copies columns next to the answers (\`--keep '*'\` all), \`--operation\` chooses another than \`score\`; CSV is written with commas, decimal points and a header |
| \`npx latentedge import <model.onnx> --name <model>\` | makes an artifact of a model that was trained elsewhere; \`--rows <file>\` verifies it on rows |
| \`npx latentedge tune <recipe>\` | searches for the best settings of a recipe, and trains with them |
| \`npx latentedge compare <model> <model>\` | measures models on the same rows, with intervals |
| \`npx latentedge evaluate <model>\` | measures a model again; \`--data <file>\` on other rows |
| \`npx latentedge serve\` | builds the Worker with the models and runs it at http://127.0.0.1:8787 until it is stopped: start it in the background, and wait for the line \`press Ctrl-C to stop\`; SIGTERM ends it; \`--runtime stock\` takes new versions while it runs |
| \`npx latentedge deploy --dry-run\` | builds the Worker without uploading it; \`--check\` measures it against Cloudflare's limits |
| \`npx latentedge retrain <recipe> --dry-run\` | trains a challenger, judges it, and changes nothing; stop \`serve\` before, unless its runtime takes new versions |
| \`npx latentedge publish <model> --target local\` | puts a version that \`train\` made into production on this machine, so that the next retraining is compared with it and a rollback returns to it |
| \`npx latentedge deploy --status --target local\` | tells which versions are in production; \`--history\`, \`--promote <model>@<version>\` and \`--rollback <model>\` take \`--target local\`, too |
| \`npx latentedge models list\` | lists the versions of every model |

\`<model>\` is a name, \`name@version\`, or a folder of either. Each command has \`--help\`, and with \`--json\` prints one JSON object on stdout. Exit codes: 0 done, 1 failed, 2 bad input or usage, 3 refused by a check, 4 another run is in progress, 130 and 143 ended by Ctrl-C and SIGTERM, which is how to end \`serve\`. Errors say what was expected, what was received and what to do: do that before anything else.
`;

const RULES = `## Add a model

1. Put the table next to \`models.ts\`, or use a path, a glob or SQL (\`"SELECT ... FROM 'rows.parquet'"\`). CSV, Parquet, JSON and NumPy files are read.
2. Run \`npx latentedge train anomaly --data <file> --name <model>\`, with \`--label <column>\` if a column says which rows turned out to be bad (it must not be an input), and read all that it prints: it tells the role of every column with the reason, which rows it left out, and which baseline is better, if one is. \`--ignore <column>\`, \`--feature <column>\`, \`--target <column>\` (\`--target-column\` of \`retrain\`) and \`--label <column>\` change roles. Settings such as \`--set contamination=0.02\`, the share of rows to raise an alarm for, are listed by \`npx latentedge train anomaly --help\`.
3. To keep choices in code, export a recipe from \`models.ts\` by \`defineRecipe\`, with data, variant and the settings that differ from the defaults. Its name is the argument of \`train\`.
4. Stop \`serve\` and start it again: it bundles models when it starts. Then ask \`GET /v1/models/<model>\` for the features of the model, and \`POST /v1/models/<model>/<operation>\` with \`{"rows": [{"<column>": <value>}]}\`: numbers are JSON numbers, whatever the decimal mark of the table; columns that training ignored may be there, and missing values are \`null\` or left out. A category that training did not see is taken for a missing value, and the answer names it in \`unseen\`. \`/openapi.json\` describes everything.

## Call a model from TypeScript

Over HTTP, with the typed client (\`latentedge-client\` is the same in a package of its own, for projects without latentedge):

\`\`\`ts
import { createClient } from 'latentedge/client';

const client = createClient('http://127.0.0.1:8787');
const response = await client.v1.models[':model'].score.$post({
  param: { model: '<model>' },
  json: { rows: [{ '<column>': 1 }] },
});
if (!response.ok) throw new Error((await response.json()).detail);
const { scores } = await response.json();
for (const score of scores) {
  // Null, with the reason in \`problems\`, for a row that cannot be answered.
  if (score === null) continue;
  const [worst] = score.contributions; // largest share of the score first
  console.log(score.isAnomaly ? 'unusual' : 'ordinary', score.score, worst?.feature, worst?.value, worst?.expected);
}
\`\`\`

Run a file of TypeScript with \`npx -y tsx check.ts\`. \`confidence\` tells how stable the verdict is, not how probable a fault: the summary of the training has the share of alarms that are right, if there are labels.

With keys, pass \`{ headers: { Authorization: 'Bearer <key>' } }\` as the second argument. Within a Worker, \`workerModels()\` of \`latentedge/edge/bundled\` calls models without HTTP.

## Offer models to agents

Set \`MCP = "on"\` under \`[vars]\` in \`wrangler.toml\` and start \`serve\` again: every operation is a tool, \`<model>_<operation>\`, of the Model Context Protocol at \`/mcp\` (Streamable HTTP). The page \`mcp.md\` of the documentation has the configuration of clients.

## Leave alone

- \`artifacts/\`: written by commands. A version never changes; train another one.
- \`[alias]\` in \`wrangler.toml\`: tells the build where the models are.
- Keys: \`npx latentedge key\` makes one. It belongs into a secret (\`npx wrangler secret put API_KEYS\`), never into a file that is committed.
- \`deploy\` and \`retrain\` without \`--dry-run\`, and \`--force\`, \`--accept\`, \`--rollback\` and \`--promote\`, change what clients get: only when you were asked to.
- \`report.html\` and \`answers.json\` of an artifact hold rows of the data, which may be personal; \`--no-rows\` keeps them out.
`;

/** The file of the package, for projects that have it installed. */
export const PACKAGE_AGENTS = `# latentedge, for coding agents

latentedge trains autoencoders from TypeScript and serves them from a Cloudflare Worker. Python is never needed. \`llms.txt\` next to this file lists the pages of the documentation in \`docs/\`.

## Commands

Run them in the folder of the project, where \`models.ts\` and \`wrangler.toml\` are.

${COMMANDS}
${RULES}`;

/** The file of a new project. */
export function agentsText(name: string): string {
  return `# ${name}, for coding agents

This project trains models of tables with latentedge and serves them from a Cloudflare Worker. Python is never needed. The documentation is in \`node_modules/latentedge/docs\`; \`node_modules/latentedge/llms.txt\` lists its pages.

## Where things are

| path | what it is |
|---|---|
| \`models.ts\` | the recipes of this project: \`orders\` scores the rows of \`orders.csv\` |
| \`src/worker.ts\`, \`wrangler.toml\` | the Worker and its settings |
| \`artifacts/\` | trained models, each with \`report.html\` and \`MODEL_CARD.md\`; not committed |
| \`.github/workflows/retrain.yml\` | the job that trains every night |

## Commands

\`npm install\` first. \`npm run train\` and \`npm run dev\` are \`npx latentedge train orders\` and \`npx latentedge serve\`.

${COMMANDS}
${RULES}`;
}
