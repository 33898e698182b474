/** Renders `report.html` of an imported model: what can be shown without its training. */
import type { Manifest } from '../../shared/manifest.ts';
import { count, figure, parityText } from '../report/format.ts';
import { html } from '../report/html.ts';
import { framed, page } from '../report/report.ts';
import { type Fact, factList } from '../report/sections/facts.ts';
import { describedTensors, operatorsText, opsetsText } from './describe.ts';
import type { Understanding } from './understand.ts';

export function importedReport(manifest: Manifest, understanding: Understanding): string {
  const { name, version, features, codeSize, operations, training, data, parity, metrics, libraries } =
    manifest;
  const tensors = describedTensors(understanding).map(
    (each) =>
      html`<tr><td>${each.name}</td><td>${each.type}</td><td>${each.shape}</td><td>${each.use}</td><td>${each.reason}</td></tr>`,
  );
  const table = html`<div class="scrollable"><table><thead><tr><th>tensor</th><th>type</th><th>shape</th><th>use</th><th>reason</th></tr></thead><tbody>${tensors}</tbody></table></div>`;
  const facts: Fact[] = [
    ['model', `${name}@${version}`],
    ['made by', training.engine],
    ['opset', opsetsText(understanding)],
    ['operators', operatorsText(understanding)],
    ['operations', operations.join(', ')],
    ['rows', data.rows.train === 0 ? 'none given' : `${count(data.rows.train)} of ${data.source}`],
    ...Object.entries(metrics).map(([metric, value]): Fact => [`${metric} on these rows`, figure(value)]),
    ['parity with WASM', parityText(parity)],
    ...understanding.notes.map((note, i): Fact => [`note ${i + 1}`, note]),
    [
      'libraries',
      Object.entries(libraries)
        .map((each) => each.join(' '))
        .join(', '),
    ],
  ];
  const summary = `An imported model for rows of ${count(features.count)} features${codeSize > 0 ? `, with a code size of ${codeSize}` : ''}.`;
  return page(manifest, summary, [
    framed('tensors', { title: 'What it takes and gives', wide: true }, table),
    framed('facts', { title: 'Facts', wide: true }, factList(facts)),
  ]);
}
