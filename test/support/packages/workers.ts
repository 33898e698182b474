/** Workers that people have before they add models to them. */

import { blocksOf } from '../commands/docs.ts';

type Files = Readonly<Record<string, string | object>>;

export interface WorkerProject {
  readonly before: Files;
  /** The entry, once its owner has changed it. */
  readonly changed: string;
  /** Texts that must still be in files of the project. */
  readonly keeps: Readonly<Record<string, readonly string[]>>;
  /** Path at which it mounts the API; undefined if it only calls models. */
  readonly mount?: string;
  /** Address below which the model `orders` scores rows. */
  readonly score: string;
  /** Name of the entry, below `src`. */
  readonly entry: string;
}

const STRICT = {
  compilerOptions: {
    ...{ target: 'ES2022', module: 'NodeNext', strict: true, skipLibCheck: false, noEmit: true },
    ...{ lib: ['ES2022'], types: ['@cloudflare/workers-types'] },
  },
  // Types of Workers and of Node.js, which `models.ts` runs on, contradict each other.
  include: ['src'],
};

const packageJson = (name: string, dependencies: object) => ({
  ...{ name, private: true, type: 'module', dependencies },
  devDependencies: {
    '@cloudflare/workers-types': '^4.20260401.0',
    typescript: '~5.9.0',
    wrangler: '4.86.0',
  },
});

/** As `npm create hono` writes it, with comments in wrangler.jsonc; it is changed as the page about embedding says. */
export const HONO_WORKER: WorkerProject = {
  before: {
    'package.json': packageJson('my-app', { hono: '^4.9.0' }),
    'tsconfig.json': STRICT,
    '.gitignore': 'node_modules\n.wrangler',
    'wrangler.jsonc': `{
  "$schema": "node_modules/wrangler/config-schema.json",
  "name": "my-app",
  "main": "src/index.ts",
  "compatibility_date": "2026-04-01"
  // "compatibility_flags": [
  //   "nodejs_compat"
  // ],
}
`,
    'src/index.ts': `import { Hono } from 'hono';

const app = new Hono();

app.get('/', (c) => c.text('my own page'));

export default app;
`,
  },
  changed: blocksOf('docs/embedding.md').find(({ text }) => text.includes("auth: 'none'"))!.text,
  keeps: {
    'wrangler.jsonc': ['//   "nodejs_compat"', '"main": "src/index.ts"'],
    '.gitignore': ['node_modules\n.wrangler\nartifacts/\n'],
  },
  mount: '/ml',
  score: '/ml/v1/models/orders/score',
  entry: 'index',
};

/** Without a framework, with Node's modules, and with variables and an alias of its own; its code calls the model. */
export const PLAIN_WORKER: WorkerProject = {
  before: {
    'package.json': packageJson('plain', {}),
    'tsconfig.json': STRICT,
    'wrangler.toml': `name = "plain"
main = "src/worker.ts"
compatibility_date = "2026-04-01" # what we tested with
compatibility_flags = ["nodejs_compat"]

[alias]
"greeting" = "./src/greeting.ts"

[vars]
GREETING = "my own page"
`,
    'src/greeting.ts': 'export const greeting = (env: { GREETING: string }): string => env.GREETING;\n',
    'src/worker.ts': `import { greeting } from './greeting.js';

export default {
  async fetch(_request, env) {
    return new Response(greeting(env));
  },
} satisfies ExportedHandler<{ GREETING: string }>;
`,
  },
  changed: `import { remoteProblem } from 'latentedge/edge';
import { workerModels } from 'latentedge/edge/bundled';
import { greeting } from './greeting.js';

const models = workerModels();

interface Order {
  amount: number;
  items: number;
  shipping: number;
  hour: number;
  country: string;
}

export default {
  async fetch(request, env) {
    if (request.method !== 'POST') return new Response(greeting(env) === 'my own page' ? 'my own page' : '');
    const { rows } = await request.json<{ rows: Order[] }>();
    try {
      const model = await models.open('orders');
      const scores = await model.score(rows, { top: 1 });
      const problems: number = scores.problems?.length ?? 0;
      const isUnusual: boolean | null | undefined = scores[0]?.isAnomaly;
      return Response.json({ isUnusual, problems, threshold: scores.threshold, scores });
    } catch (error) {
      const problem = remoteProblem(error);
      if (problem === undefined) throw error;
      return Response.json({ error: problem.slug }, { status: 422 });
    }
  },
} satisfies ExportedHandler<{ GREETING: string }>;
`,
  keeps: {
    'wrangler.toml': [
      '# what we tested with',
      '"greeting" = "./src/greeting.ts"',
      'GREETING = "my own page"',
    ],
    '.gitignore': ['artifacts/\n'],
  },
  score: '/score',
  entry: 'worker',
};
