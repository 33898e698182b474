/** Tables of what there is, written from the registries. */
import { ACTIVATION_FORMULAS } from '../../training/layers/activations.ts';
import { LAYERS } from '../../training/layers/registry.ts';
import type { Variant } from '../../training/models/model.ts';
import { VARIANTS } from '../../training/models/registry.ts';
import { RECONSTRUCTION_LOSSES, type ReconstructionLoss } from '../../training/objectives/reconstruction.ts';
import { OPTIMIZERS } from '../../training/optimizers/registry.ts';
import { SCHEDULES } from '../../training/schedules/registry.ts';
import { code, markdownTable } from '../lib/markdown.ts';
import { type Setting, settingsList, settingsOf, sharedSettingsTable } from './settings.ts';

/** What a registry says of an entry. */
interface Entry {
  readonly summary: string;
  readonly config: Variant['config'];
}

/** The variant that the others are compared with: it has what most of them have. */
const BASE = 'undercomplete';

/** The base with all of its settings; of the others, those that it does not have or has with another default. */
export function variantsTable(): string {
  const { [BASE]: base, ...others } = VARIANTS;
  const known = new Map(settingsOf(base.config).map((each) => [each.name, each.default]));
  const rest = Object.entries<Entry>(others).map(([name, { summary, config }]) => {
    const own = settingsOf(config).filter((each) => known.get(each.name) !== each.default);
    return [code(name), summary, settingsList(own)];
  });
  return markdownTable(
    ['variant', 'what it is', `settings and defaults, beside those of ${code(BASE)}`],
    [[code(BASE), base.summary, settingsList(settingsOf(base.config))], ...rest],
  );
}

export function layersTable(): string {
  const rows = Object.entries(LAYERS).map(([name, { summary, shapes }]) => [
    code(name),
    summary,
    code(shapes),
  ]);
  return markdownTable(['layer', 'what it is', 'shapes'], rows);
}

export function lossesTable(): string {
  const rows = Object.entries<ReconstructionLoss>(RECONSTRUCTION_LOSSES).map(([name, loss]) => {
    const [low, high] = loss.targetRange ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const values =
      low === Number.NEGATIVE_INFINITY
        ? 'any'
        : high === Number.POSITIVE_INFINITY
          ? `${low} or more`
          : `${low} to ${high}`;
    return [code(name), loss.summary, values];
  });
  return markdownTable(['loss', 'what it is', 'values of the rows'], rows);
}

export function optimizersTable(): string {
  return entriesTable('optimizer', OPTIMIZERS);
}

export function schedulesTable(): string {
  return entriesTable('schedule', SCHEDULES);
}

export function activationsTable(): string {
  const rows = Object.entries(ACTIVATION_FORMULAS).map(([name, formula]) => [code(name), formula]);
  return markdownTable(['activation', 'of x'], rows);
}

export function variantSettingsTable(): string {
  return sharedSettingsTable('variants', settingsByOwner(VARIANTS));
}

export function optimizerSettingsTable(): string {
  return sharedSettingsTable('optimizers', settingsByOwner(OPTIMIZERS));
}

export function scheduleSettingsTable(): string {
  return sharedSettingsTable('schedules', settingsByOwner(SCHEDULES));
}

function entriesTable(kind: string, registry: Readonly<Record<string, Entry>>): string {
  const rows = Object.entries(registry).map(([name, { summary, config }]) => {
    return [code(name), summary, settingsList(settingsOf(config))];
  });
  return markdownTable([kind, 'what it is', 'settings and defaults'], rows);
}

function settingsByOwner(registry: Readonly<Record<string, Entry>>): Record<string, Setting[]> {
  return Object.fromEntries(Object.entries(registry).map(([name, { config }]) => [name, settingsOf(config)]));
}
