/** `npx latentedge <command>`: every command of the package by its name, loaded when it is called. */
import { version } from '../package.json';
import { didYouMean } from '../shared/didYouMean.ts';
import { EXIT } from './cli/command.ts';

/** Each runs when it is imported, with the flags of the process. */
const COMMANDS = {
  init: { summary: 'write a small project, or add latentedge to a Worker', load: () => import('./init.ts') },
  train: { summary: 'train a recipe and write its artifact', load: () => import('./train.ts') },
  tune: { summary: 'search for the best settings of a recipe', load: () => import('./tune.ts') },
  compare: { summary: 'compare models on the same rows', load: () => import('./compare.ts') },
  evaluate: {
    summary: 'measure a model again, on its own data or on other rows',
    load: () => import('./evaluate.ts'),
  },
  score: {
    summary: 'answer all rows of a file by a model, without a Worker',
    load: () => import('./score.ts'),
  },
  report: { summary: "write an artifact's report again", load: () => import('./report.ts') },
  import: {
    summary: 'make an artifact of an ONNX model from PyTorch, Keras, scikit-learn or elsewhere',
    load: () => import('./import.ts'),
  },
  freeze: { summary: 'freeze a runtime with an artifact, and verify it', load: () => import('./freeze.ts') },
  serve: { summary: 'serve models from a local Worker', load: () => import('./serve.ts') },
  demo: { summary: 'train on digits, serve the model and call it', load: () => import('./demo.ts') },
  build: {
    summary: 'bundle models, runtime and playground for "wrangler deploy"',
    load: () => import('./build.ts'),
  },
  deploy: { summary: 'upload the Worker with its models to Cloudflare', load: () => import('./deploy.ts') },
  publish: {
    summary: 'publish an artifact, trained here or imported, and route requests to it',
    load: () => import('./publish.ts'),
  },
  retrain: {
    summary: 'train a challenger and promote it if it is no worse than the champion',
    load: () => import('./retrain.ts'),
  },
  models: {
    summary: 'list, show, delete, back up and restore versions of models',
    load: () => import('./models.ts'),
  },
  jobs: {
    summary: 'answer all rows of an object in R2 in the background: submit, status, cancel, list',
    load: () => import('./jobs.ts'),
  },
  rows: {
    summary: 'list and delete rows that a Worker has logged for training',
    load: () => import('./rows.ts'),
  },
  key: { summary: 'create an API key', load: () => import('./key.ts') },
  vectors: {
    summary: 'write vectors for a Vectorize index: items of a recommender, or codes of your vectors',
    load: () => import('./vectors.ts'),
  },
} as const;

const NAMES = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];

const HELP = `Usage: latentedge <command> [options]

Train autoencoders from TypeScript, ship them as ONNX, serve them from Cloudflare Workers.

Commands:
${NAMES.map((name) => `  ${name.padEnd(10)} ${COMMANDS[name].summary}`).join('\n')}

latentedge <command> --help lists the options of a command.
`;

/** Runs the command that the first argument names, with the other arguments as its flags. */
export async function main([name, ...flags]: readonly string[]): Promise<void> {
  if (name === '--version' || name === '-V') return console.log(version);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(HELP);
    if (name === undefined) process.exitCode = EXIT.badInput;
    return;
  }
  const known = NAMES.find((each) => each === name);
  if (known === undefined) {
    const expected = `expected one of ${NAMES.join(', ')}`;
    process.stderr.write(`error: command '${name}' is unknown; ${expected}${didYouMean(name, NAMES)}\n`);
    process.exitCode = EXIT.badInput;
    return;
  }
  process.argv = [...process.argv.slice(0, 2), ...flags];
  await COMMANDS[known].load();
}
