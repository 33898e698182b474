/** The page of a search, in the style of the reports. */
import { count, figure } from '../../../training/report/format.ts';
import { type Html, html } from '../../../training/report/html.ts';
import { legend } from '../../../training/report/legend.ts';
import { framed, page } from '../../../training/report/report.ts';
import { scrollable } from '../../../training/report/scrollable.ts';
import { COLOURS } from '../../../training/report/theme.ts';
import type { ShownTrial } from '../shownTrials.ts';
import { type Dimension, settingsText } from '../space.ts';
import { parallelCoordinates, tradeOff } from './charts.ts';

export interface SearchPage {
  readonly model: string;
  readonly by: string;
  readonly dimensions: readonly Dimension[];
  /** The best first. */
  readonly trials: readonly ShownTrial[];
  /** The outcome, as one sentence. */
  readonly summary: string;
}

export async function renderSearch({ model, by, dimensions, trials, summary }: SearchPage): Promise<string> {
  const known = trials.filter(({ value }) => value !== null);
  const costs = [
    { id: 'size', title: 'code size', of: ({ cost }: ShownTrial) => cost?.codeSize },
    { id: 'latency', title: 'time to encode a row, ms', of: ({ cost }: ShownTrial) => cost?.latency },
  ];
  const sections: (Html | undefined)[] = [
    framed('trials', { title: 'Trials', wide: true }, trialTable(dimensions, trials, by)),
  ];
  if (known.length > 0) {
    sections.push(
      framed('settings', { title: 'Settings' }, await parallelCoordinates(dimensions, trials, by)),
    );
    for (const { id, title, of } of costs)
      sections.push(
        framed(
          id,
          { title: `${by} and ${title}` },
          html`${NOTE}${await tradeOff(trials, by, { title, of })}`,
        ),
      );
  }
  return page({ name: model, version: 'search' }, summary, sections);
}

const NOTE = html`<p class="note">The line joins the trials that no other beats in both; their numbers are those of the table.</p>${legend(
  [
    { name: 'trained to the last rung', colour: COLOURS.accent.light },
    { name: 'ended earlier, with the figure of fewer epochs', colour: COLOURS.muted.light },
  ],
)}`;

function trialTable(dimensions: readonly Dimension[], trials: readonly ShownTrial[], by: string): Html {
  const names = dimensions.map(({ name }) => name);
  const heads = [...names, 'epochs', by, 'code size', 'encode, ms', 'training, s'].map(
    (name) => html`<th scope="col">${name}</th>`,
  );
  const rows = trials.map(({ trial, settings, epochs, value, seconds, problem, cost }) => {
    const own = names.map(
      (name) => html`<td>${settingsText({ [name]: settings[name] }).slice(name.length + 1)}</td>`,
    );
    const result = problem === undefined ? figure(value) : html`<span class="note">${problem}</span>`;
    return html`<tr><th scope="row">${trial}</th>${own}<td>${count(epochs)}</td><td>${result}</td><td>${cost?.codeSize}</td><td>${cost?.latency.toFixed(3)}</td><td>${seconds.toFixed(1)}</td></tr>`;
  });
  return html`<p class="note">The best first: those that trained for more epochs before those that ended earlier.</p>${scrollable(
    'trials',
    html`<table><thead><tr><th scope="col">trial</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  )}`;
}
