/** `npm run evaluate -- <artifact>`: the metrics of a model again, on the rows that were held out or on others. */
import { readArtifact } from '../training/artifact.ts';
import { evaluateArtifact } from '../training/evaluateArtifact.ts';
import { command, printer, run } from './lib/command.ts';
import { evaluationData } from './lib/evaluationData.ts';
import { figure, table } from './lib/tables.ts';

interface EvaluateOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const program = command('evaluate', 'Evaluate a model on the test rows of its training, or on other rows.')
  .argument('<artifact>', 'artifact folder')
  .option(
    '--data <path>',
    'other rows: a file {"rows": [[...]]} ending in .json, or what the recipe of the model takes as --data',
  )
  .action(evaluate);

async function evaluate(directory: string, { data, json }: EvaluateOptions): Promise<void> {
  const artifact = await readArtifact(directory);
  const { manifest } = artifact;
  const rows = await evaluationData(manifest, data);
  const evaluated = await evaluateArtifact(artifact, rows, data === undefined ? 'heldOut' : 'all');
  const { metrics, evaluation } = evaluated;
  const { threshold } = manifest.reconstructionError;
  const aboveThreshold = evaluation.errors.filter((error) => error > threshold).length / evaluation.rows;
  const specificity = {
    noise: evaluation.specificity.noise.auroc,
    shuffled: evaluation.specificity.shuffled.auroc,
  };
  if (json) {
    const { version, metrics: recorded } = manifest;
    const { rows: count } = evaluated;
    const summary = {
      artifact: directory,
      version,
      rows: count,
      metrics,
      recorded,
      aboveThreshold,
      specificity,
    };
    console.log(JSON.stringify(summary));
  }
  const compared = Object.entries(metrics).map(([name, value]): [string, string] => [
    name,
    `${figure(value)} (${figure(manifest.metrics[name] ?? Number.NaN)} when it was trained)`,
  ]);
  const print = printer(json);
  print(`${manifest.name}@${manifest.version} on ${evaluated.rows} rows of ${rows.source}`);
  print(
    table([
      ...compared,
      ['above the threshold', share(aboveThreshold)],
      ['told from shuffled columns', share(specificity.shuffled)],
      ['told from noise', share(specificity.noise)],
    ]),
  );
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

await run(program);
