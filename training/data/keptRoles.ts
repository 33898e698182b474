/** Lines for people about the roles that a model's successor keeps, though detection would decide otherwise. */
import type { ColumnChoices } from './choices.ts';
import { madeRoles, presentChoices } from './chosenColumns.ts';
import { foundLabel } from './foundLabel.ts';
import { isKnown } from './knownColumns.ts';
import { type ColumnRole, inferRoles } from './roles.ts';
import type { Table } from './table.ts';

const CHANGES = 'together with --allow-breaking, as clients notice';

/**
 * Returns a line for each column whose role is the model's and not the detected one, with the flag that changes it.
 * `seeksLabel` is true if the recipe looks for a column that marks anomalies.
 */
export function keptNotes(
  table: Table,
  choices: ColumnChoices,
  roles: readonly ColumnRole[],
  seeksLabel: boolean,
): string[] {
  const { known, ...made } = presentChoices(table, choices);
  if (known === undefined) return [];
  const asked = madeRoles(table, made);
  const label = seeksLabel ? foundLabel(table, made).column?.name : undefined;
  const detected = inferRoles(table, asked);
  return roles.flatMap(({ name, role }, i) => {
    if (Object.hasOwn(asked, name)) return [];
    const { reason, type } = detected[i]!;
    if (role === 'feature' && name === label)
      return [
        `column ${name} stays an input, as in ${known.model}, though it looks like a label of anomalies today; --label ${name} keeps it for evaluation only, ${CHANGES}`,
      ];
    if (role === 'feature' && reason !== '')
      return [
        `column ${name} stays an input, as in ${known.model}, though detection would leave it out today (${reason}); --ignore ${name} does so, ${CHANGES}`,
      ];
    if (role !== 'ignored' || reason !== '' || type === 'date') return [];
    const why = isKnown(name, known)
      ? `stays left out, as in ${known.model}`
      : `is new and left out, as ${known.model} does not have it`;
    const flag =
      name === label
        ? `--label ${name} uses it for evaluation only`
        : `--feature ${name} makes it an input, ${CHANGES}`;
    return [`column ${name} ${why}; ${flag}`];
  });
}
