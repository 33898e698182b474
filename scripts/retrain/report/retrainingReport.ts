/** The report of a retraining: every verdict, and pictures of the columns that were furthest from the champion's. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../../training/files.ts';
import { count } from '../../../training/report/format.ts';
import { type Html, html, raw } from '../../../training/report/html.ts';
import { STYLE } from '../../../training/report/theme.ts';
import type { RetrainRun } from '../context.ts';
import type { DataInput } from '../gates/gate.ts';
import type { Judged } from '../gates/judging.ts';
import { columnPicture } from './columnPicture.ts';
import { headline, verdictSections } from './verdicts.ts';

/** Writes `<out>/<model>/retrain/<run>.html`. It shows distributions of columns, and no row. */
export async function writeReport(
  { id, model, options, print }: Pick<RetrainRun, 'id' | 'model' | 'options' | 'print'>,
  judged: readonly Judged[],
  input: DataInput,
): Promise<void> {
  const folder = join(options.out, model, 'retrain');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${id}.html`);
  await replaceFile(path, [await renderRetraining(`${model}: retraining ${id}`, judged, input)]);
  print(`verdicts: ${path}`);
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export async function renderRetraining(
  title: string,
  judged: readonly Judged[],
  input: DataInput,
): Promise<string> {
  const pictures: Html[] = [];
  for (const { column, gates } of pictured(judged)) pictures.push(await section(column, gates, input));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="headline">${headline(judged)}.</p>
<p>${count(input.now.rows)} rows of ${input.data.source}.</p>
</header>
<main>
${verdictSections(judged)}
${pictures}
</main>
</body>
</html>
`.markup;
}

interface Pictured {
  readonly column: string;
  readonly gates: readonly Judged[];
}

/** The columns that gates refuse or, if all pass, the one that is closest to its threshold. */
function pictured(judged: readonly Judged[]): Pictured[] {
  const named = judged.filter(({ column }) => column !== undefined);
  const refused = named.filter(({ passed }) => !passed);
  const closest = named.toSorted((a, b) => closeness(b) - closeness(a)).slice(0, 1);
  const shown = refused.length > 0 ? refused : closest;
  return [...new Set(shown.map(({ column }) => column!))].map((column) => ({
    column,
    gates: shown.filter((each) => each.column === column),
  }));
}

function closeness({ figure = 0, threshold = 1 }: Judged): number {
  return figure / threshold;
}

async function section(
  column: string,
  gates: readonly Judged[],
  { now, before, reference }: DataInput,
): Promise<Html> {
  const profile = now.columns.find(({ name }) => name === column)!;
  const known = before?.columns.find(({ name }) => name === column);
  const isCreep = gates.some(({ gate }) => gate === 'creep');
  const old = isCreep ? reference?.profile.columns.find(({ name }) => name === column) : undefined;
  const reasons = gates.map(({ gate, figures }) => html`<li>${gate}: ${figures}</li>`);
  return html`<section><h2>${column}</h2><ul class="note">${reasons}</ul>${await columnPicture(profile, known, old)}</section>`;
}
