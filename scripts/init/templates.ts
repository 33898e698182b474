/** The files of a new project. */
import packageJson from '../../package.json' with { type: 'json' };

/** Aliases of the modules with the bundled models, which `latentedge serve` and `latentedge deploy` write. */
export const ALIASES = `[alias]
"latentedge:models" = "./artifacts/bundle/models.ts"
"latentedge:runtime" = "./artifacts/bundle/runtime.ts"
"latentedge:frozen" = "./artifacts/bundle/frozen.ts"
"latentedge:slim" = "./artifacts/bundle/slim.ts"
`;

/** Wrangler 4.86 is the last version that runs on Node 20. */
const WRANGLER = Number(process.versions.node.split('.')[0]) < 22 ? '4.86.0' : '^4.86.0';

/** Development dependencies of a project: Wrangler builds and runs the Worker. */
export const DEVELOPMENT = {
  typescript: '^5.9.0',
  wrangler: WRANGLER,
} as const;

export function packageText(name: string): string {
  return `${JSON.stringify(
    {
      name,
      private: true,
      type: 'module',
      scripts: {
        train: 'latentedge train orders',
        dev: 'latentedge serve',
        deploy: 'latentedge deploy',
        retrain: 'latentedge retrain orders',
      },
      dependencies: { latentedge: `^${packageJson.version}` },
      devDependencies: DEVELOPMENT,
    },
    null,
    2,
  )}\n`;
}

export function wranglerText(name: string): string {
  return `name = "${name}"
main = "src/worker.ts"
compatibility_date = "2026-04-01"
# What an answer holds is given back as soon as its client goes away.
compatibility_flags = ["enable_request_signal"]

# The documentation of latentedge lists the settings of the API with their defaults.
[vars]
# What runs the models: frozen, frozen+slim, frozen+stock, dynamic, slim or stock. It is read when the Worker is built.
RUNTIME = "frozen"
# Who may call the API while it has no keys: "local" (this machine), "true" (everybody) or "false".
# \`npx latentedge key\` creates a key.
OPEN = "local"
# The page at /playground for people to try the models: "on" or "off". It is read when the Worker is built.
PLAYGROUND = "on"
# Training rows on the maps of the playground: "private" (none) or "public" (anybody who reaches the Worker can read them,
# without a key). It is read when the Worker is built.
PLAYGROUND_DATA = "private"
# Offers the models to agents at /mcp, as tools of the Model Context Protocol. It is read when the Worker is built, so
# setting it in Cloudflare's dashboard alone is not enough.
# MCP = "on"

# Models that are published without deploying the Worker, and their aliases, which name the versions that answer.
[[r2_buckets]]
binding = "MODELS"
bucket_name = "${name}-models"

# Isolates for versions of the bucket, for RUNTIME = "dynamic". Cloudflare has them on the paid plan only.
# [[worker_loaders]]
# binding = "LOADER"

# The playground and the page at /docs, which \`latentedge serve\` and \`latentedge deploy\` write. Everything else goes
# to the Worker at once.
[assets]
directory = "./artifacts/bundle/assets"
binding = "ASSETS"
run_worker_first = ["/*", "!/playground", "!/playground/*", "!/docs", "!/docs/*"]

${ALIASES}`;
}

export const WORKER = `export { default, LatentedgeJobs } from 'latentedge/worker';
`;

export const MODELS = `import { defineRecipe, RECIPES } from 'latentedge';

/** \`npm run train\` runs this recipe: anomaly scores for the rows of orders.csv. */
export const orders = defineRecipe({
  ...RECIPES.anomaly,
  name: 'orders',
  why: 'orders unlike most others',
  // \`npm run train -- --data other.csv\` reads another file; a glob and SQL ("SELECT ...") work, too.
  data: (path = 'orders.csv', division, choices) => RECIPES.anomaly.data(path, division, choices),
});
`;

export const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true
  },
  "include": ["*.ts", "src"]
}
`;

export const GITIGNORE = `node_modules/
artifacts/
.wrangler/
.dev.vars
`;

export const NPMRC = `# Dependencies run no code when they are installed; latentedge does not need any to.
ignore-scripts=true
`;

export function readmeText(name: string): string {
  return `# ${name}

Anomaly scores for the rows of \`orders.csv\`, trained with latentedge and served by a Cloudflare Worker.

\`\`\`sh
npm install
npm run train   # writes artifacts/orders/<version>, with a report to open in a browser
npm run dev     # serves the model at http://127.0.0.1:8787: open it in a browser to try it
\`\`\`

Then, in another terminal:

\`\`\`sh
curl http://127.0.0.1:8787/v1/models/orders/score \\
  --json '{"rows": [{"amount": 38.5, "items": 2, "shipping": 4.9, "hour": 14, "country": "NL"}]}'
\`\`\`

\`models.ts\` defines the model: replace \`orders.csv\` by a table of your own. \`npm run deploy\` uploads the Worker with its models to Cloudflare. \`.github/workflows/retrain.yml\` trains every night, and deploys the new model if it is no worse.
`;
}
