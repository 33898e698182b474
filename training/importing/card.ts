/** Writes `MODEL_CARD.md` of an imported model. */
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import { count, parityText } from '../report/format.ts';
import { describedTensors, operatorsText, opsetsText } from './describe.ts';
import type { Understanding } from './understand.ts';

/** Returns a short Markdown page about the model. */
export function importedCard(manifest: ManifestContent, understanding: Understanding): string {
  const { name, features, codeSize, operations, training, data, parity, metrics, prediction } = manifest;
  const { foreign, notes } = understanding;
  const tensors = describedTensors(understanding).map(
    (each) =>
      `| \`${cell(each.name)}\` | ${each.type} | ${cell(each.shape)} | ${each.use} | ${cell(each.reason)} |`,
  );
  const license = foreign.metadata.license ?? foreign.metadata.licence;
  const facts = [
    `Made by ${cell(training.engine)}, with opset ${cell(opsetsText(understanding))}; its operators: ${cell(operatorsText(understanding))}.`,
    data.rows.train === 0
      ? `No rows were given: it was examined on drawn ones, and the statistics of its features are unknown.`
      : `Rows: ${cell(data.source)}, ${data.rows.train} of them; fingerprint \`${data.fingerprint.slice(0, 12)}\`.`,
    ...(prediction?.classes ? [`Classes: ${prediction.classes.slice(0, 50).map(cell).join(', ')}.`] : []),
    ...Object.entries(metrics).map(([metric, value]) => `${metric} on these rows: ${value.toPrecision(4)}.`),
    `The WASM runtime reproduces these graphs to ${parityText(parity)}; ${parity.tolerance} is allowed.`,
    ...(license === undefined ? [] : [`License: ${cell(license)}.`]),
    ...notes.map(cell),
  ];
  return `# ${name}

An imported model for rows of ${count(features.count)} features${codeSize > 0 ? `, with a code size of ${codeSize}` : ''}. It offers ${operations.join(', ')}.

| tensor | type | shape | use | reason |
|---|---|---|---|---|
${tensors.join('\n')}

${facts.map((fact) => `- ${fact}`).join('\n')}
`;
}

/** Text from the file, which may hold anything, within a line of Markdown. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[|<>`\\]/g, (character) => `\\${character}`)
    .slice(0, 500);
}
