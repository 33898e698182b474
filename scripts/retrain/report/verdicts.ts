/** Verdicts as a page shows them: what was refused comes first, in full; what passed is folded away. */
import { type Html, html } from '../../../training/report/html.ts';
import type { Judged } from '../gates/judging.ts';
import { GATES } from '../gates/registry.ts';

/** Returns what is to be known first: the gates that refuse or, if none does, that all pass. */
export function headline(judged: readonly Judged[]): string {
  const { refused, accepted } = divided(judged);
  const more = accepted.length === 0 ? '' : `, ${names(accepted)} accepted by --accept`;
  if (refused.length === 0) return `Refused by none of ${judged.length} gates${more}`;
  return `Refused by ${refused.length} of ${judged.length} gates: ${names(refused)}${more}`;
}

export function verdictSections(judged: readonly Judged[]): Html[] {
  const { refused, accepted, passed } = divided(judged);
  const open = (title: string, gates: readonly Judged[]) =>
    gates.length === 0 ? [] : [html`<section class="wide"><h2>${title}</h2>${list(gates)}</section>`];
  const folded = html`<section class="wide"><details class="first"><summary>${passed.length} ${passed.length === 1 ? 'gate' : 'gates'} passed</summary>${list(passed)}</details></section>`;
  return [...open('Refused', refused), ...open('Accepted', accepted), folded];
}

function divided(judged: readonly Judged[]) {
  return {
    refused: judged.filter(({ passed, accepted }) => !passed && !accepted),
    accepted: judged.filter(({ accepted }) => accepted),
    passed: judged.filter(({ passed }) => passed),
  };
}

function names(gates: readonly Judged[]): string {
  return gates.map(({ gate }) => gate).join(', ');
}

function list(gates: readonly Judged[]): Html {
  return html`<dl class="verdicts">${gates.map(
    ({ gate, figures }) =>
      html`<div><dt>${gate}</dt><dd>${figures}</dd><dd class="note">passes: ${GATES[gate].summary}</dd></div>`,
  )}</dl>`;
}
