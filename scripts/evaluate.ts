/**
 * `npm run evaluate -- <model>`: computes the metrics of a model again, on its held-out rows or on other
 * rows.
 */
import { readArtifact, requireTrained } from '../training/artifact/artifact.ts';
import { type Evaluated, evaluateArtifact } from '../training/artifact/evaluateArtifact.ts';
import { A_MODEL, chosenFolder } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { evaluationData, measuredRows } from './cli/evaluationData.ts';
import { ownVariants } from './cli/recipes.ts';
import { keyFigureLines, metricsTable } from './cli/tables.ts';

interface EvaluateOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const program = command('evaluate', 'Evaluate a model on its held-out test rows, or on other rows.')
  .argument('<model>', A_MODEL)
  .option(
    '--data <path>',
    'other rows: {"rows": [[...]]} in a .json file, a CSV or Parquet file, a glob, SQL, or any source of the recipe',
  )
  .action(evaluate);

async function evaluate(folder: string, { data, json }: EvaluateOptions): Promise<void> {
  const print = printer(json);
  const directory = await chosenFolder(folder, print);
  const artifact = requireTrained(await readArtifact(directory));
  const { manifest } = artifact;
  const { version, metrics: recorded } = manifest;
  const source = await evaluationData(manifest, data);
  const evaluated = await evaluateArtifact(
    artifact,
    source,
    data === undefined ? 'heldOut' : 'all',
    await ownVariants(),
  );
  const { rows, metrics, baselines, evaluation } = evaluated;
  const shares = errorShares(evaluated);
  const measured = await measuredRows(manifest, source, data);
  if (json) {
    const summary = { artifact: directory, version, rows, measured, metrics, recorded, baselines, ...shares };
    console.log(JSON.stringify(summary));
  }
  const shareRows = Object.entries(shares).map(([name, value]): [string, string] => [
    SHARE_NAMES[name]!,
    `${(100 * value).toFixed(1)} %`,
  ]);
  print(`${manifest.name}@${version} on ${rows} rows of ${source.source}`);
  for (const note of source.notes ?? []) print(note);
  print(metricsTable({ ...manifest, metrics, baselines }, shareRows, recorded));
  if (measured === 'others' && metrics['roc-auc'] !== undefined) print(OTHER_METHODS);
  const here = {
    ...manifest,
    metrics,
    baselines,
    data: { ...manifest.data, rows: { ...manifest.data.rows, test: rows }, sampled: undefined },
  };
  print(keyFigureLines({ manifest: here, evaluation }, measured));
}

const OTHER_METHODS =
  'other methods of detection are fitted in training only: evaluate without --data compares them on the held-out rows';

const SHARE_NAMES: Readonly<Record<string, string>> = {
  aboveThreshold: 'rows above the threshold',
  shuffled: 'AUROC against shuffled columns',
  noise: 'AUROC against noise',
};

/**
 * The share of rows above the model's threshold, and the AUROCs of the errors against both kinds of impostor rows;
 * all in [0, 1]. Empty for recommenders, whose reconstruction errors carry no meaning.
 */
function errorShares({ aboveThreshold, evaluation: { specificity } }: Evaluated): Record<string, number> {
  if (aboveThreshold === undefined || specificity === null) return {};
  return {
    aboveThreshold,
    shuffled: specificity.shuffled.auroc,
    noise: specificity.noise.auroc,
  };
}

await run(program);
