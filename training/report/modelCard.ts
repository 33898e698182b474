/** Writes `MODEL_CARD.md` from the manifest. */
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import type { StoredWeights } from '../../shared/measured.ts';
import { seedText } from '../../shared/splitSeed.ts';
import { beatenBy, beatenText } from './beatenBy.ts';
import { count, figure, parityText, smallPercent, worsening } from './format.ts';
import { tuneCommand } from './tuneCommand.ts';

/** Returns a short Markdown page about the model. */
export function modelCard(manifest: ManifestContent): string {
  const { name, variant, codeSize, features, metrics, baselines, training, data, parity, weights } = manifest;
  const figures = [
    ...Object.entries(metrics).map(([metric, value]) => `| ${name} | ${metric} | ${value.toPrecision(4)} |`),
    ...Object.entries(baselines).flatMap(([baseline, values]) =>
      Object.entries(values).map(
        ([metric, value]) => `| ${baseline} | ${metric} | ${value.toPrecision(4)} |`,
      ),
    ),
  ];
  const better = beatenBy(manifest);
  const warning =
    better === undefined
      ? ''
      : `**${better.better.length} of ${better.compared} baselines ${better.does}:** ${beatenText(better, manifest)}:\n\n\`\`\`sh\n${tuneCommand(manifest, better.by)}\n\`\`\`\n\n`;
  const refused =
    training.refused === undefined ? '' : `**Refused, and kept by force:** ${training.refused}.\n\n`;
  const rows = data.sampled
    ? `; figures are of ${data.sampled.test} test rows, thresholds and scores fitted to ${data.sampled.train} training and ${data.sampled.validation} validation rows, drawn at random`
    : '';
  return `# ${name}

${refused}${warning}An autoencoder (${variant}) for rows of ${count(features.count)} features, with a code size of ${codeSize}.

| model | metric on the test rows | value |
|---|---|---|
${figures.join('\n')}

- Data: ${data.source}; ${data.rows.train} rows for training, ${data.rows.validation} for validation, ${data.rows.test} for testing${rows}; fingerprint \`${data.fingerprint.slice(0, 12)}\`.
- Training: ${training.engine}; seed ${seedText(training)}; epoch ${training.bestEpoch} of ${training.epochs} was best${training.interrupted ? '; interrupted' : ''}.
- Settings: \`${JSON.stringify(manifest.recipe.config)}\`
- The WASM runtime reproduces these graphs to ${parityText(parity)}.
${weights === undefined ? '' : weightsLine(weights)}${manifest.files['map.bin'] === undefined ? '' : MAP_LINE}`;
}

const MAP_LINE =
  '- `map.bin` and `evaluation.json` hold rows of the training and test data: if these are about people, it is personal data.\n';

function weightsLine({ type, metric, float32, stored, relativeChange, tolerance }: StoredWeights): string {
  const change = `${worsening(relativeChange)}; up to ${smallPercent(tolerance)} worse is allowed`;
  return `- Weights are stored as ${type}: ${metric} on the test rows is ${figure(stored)}; with float32 weights it is ${figure(float32)} (${change}).\n`;
}
