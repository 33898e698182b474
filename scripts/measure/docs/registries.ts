/** Tables of variants, layers, losses and so on, written from the registries. */

import { SOURCES } from '../../../training/data/sources/registry.ts';
import type { Source } from '../../../training/data/sources/source.ts';
import { ACTIVATIONS } from '../../../training/layers/activations.ts';
import { LAYERS } from '../../../training/layers/registry.ts';
import type { Variant } from '../../../training/models/model.ts';
import { VARIANTS } from '../../../training/models/registry.ts';
import {
  RECONSTRUCTION_LOSSES,
  type ReconstructionLoss,
} from '../../../training/objectives/reconstruction.ts';
import { OPTIMIZERS } from '../../../training/optimizers/registry.ts';
import type { Predictor } from '../../../training/predictors/predictor.ts';
import { PREDICTORS } from '../../../training/predictors/registry.ts';
import { TRANSFORMS } from '../../../training/preprocess/registry.ts';
import type { Transform } from '../../../training/preprocess/transform.ts';
import type { Recipe } from '../../../training/recipes/recipe.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { SCHEDULES } from '../../../training/schedules/registry.ts';
import type { Member } from '../../../training/scoring/member.ts';
import { MEMBERS } from '../../../training/scoring/registry.ts';
import { code, markdownTable } from '../markdown.ts';
import { type Setting, settingsList, settingsOf, sharedSettingsTable } from './settings.ts';

/** The documented members of a registry entry. */
interface Entry {
  readonly summary: string;
  readonly config: Variant['config'];
}

/** Settings of each variant that most others lack, or have with another default. */
export function variantsTable(): string {
  const all = settingsByOwner(VARIANTS);
  const shared = (setting: Setting) =>
    Object.values(all).filter((settings) =>
      settings.some((each) => each.name === setting.name && each.default === setting.default),
    ).length;
  const rows = Object.entries<Entry>(VARIANTS).map(([name, { summary }]) => {
    const own = all[name]!.filter((each) => shared(each) <= Object.keys(all).length / 2);
    return [code(name), summary, settingsList(own)];
  });
  return markdownTable(['variant', 'description', 'settings and defaults of its own'], rows);
}

export function layersTable(): string {
  const rows = Object.entries(LAYERS).map(([name, { summary, shapes }]) => [
    code(name),
    summary,
    code(shapes),
  ]);
  return markdownTable(['layer', 'description', 'shapes'], rows);
}

export function membersTable(): string {
  const rows = Object.entries<Member>(MEMBERS).map(([name, { summary }]) => [code(name), summary]);
  return markdownTable(['member', 'what it finds unusual'], rows);
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
    return [code(name), loss.summary, `${loss.row} over its features`, values];
  });
  return markdownTable(['loss', 'description', 'loss of a row', 'values that rows may have'], rows);
}

export function optimizersTable(): string {
  return entriesTable('optimizer', OPTIMIZERS);
}

export function schedulesTable(): string {
  return entriesTable('schedule', SCHEDULES);
}

export function predictorsTable(): string {
  const rows = Object.entries<Predictor>(PREDICTORS).map(([name, { summary, maxRows }]) => {
    return [code(name), summary, maxRows?.toLocaleString('en') ?? 'any number'];
  });
  return markdownTable(['predictor', 'description', 'rows, at most'], rows);
}

export function activationsTable(): string {
  const rows = Object.entries(ACTIVATIONS).map(([name, { summary }]) => [code(name), summary]);
  return markdownTable(['activation', 'value at x'], rows);
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

export function transformsTable(): string {
  const rows = Object.entries<Transform>(TRANSFORMS).map(([name, { kind, summary }]) => {
    return [code(name), kind === 'number' ? 'numbers' : 'categories', summary];
  });
  return markdownTable(['transform', 'columns', 'description'], rows);
}

export function transformOptionsTable(): string {
  return sharedSettingsTable('transforms', settingsByOwner(TRANSFORMS));
}

export function recipesTable(): string {
  const rows = Object.entries<Pick<Recipe<'undercomplete'>, 'why'> & { readonly variant: string }>(
    RECIPES,
  ).map(([name, { why, variant }]) => [code(name), code(variant), why]);
  return markdownTable(['recipe', 'variant', 'description'], rows);
}

export function sourcesTable(): string {
  const rows = Object.entries<Source>(SOURCES).map(([name, { summary, kind }]) => [
    code(name),
    summary,
    kind === 'table' ? 'a table' : 'rows of numbers',
  ]);
  return markdownTable(['source', 'description', 'read as'], rows);
}

function entriesTable(kind: string, registry: Readonly<Record<string, Entry>>): string {
  const rows = Object.entries(registry).map(([name, { summary, config }]) => {
    return [code(name), summary, settingsList(settingsOf(config))];
  });
  return markdownTable([kind, 'description', 'settings and defaults'], rows);
}

function settingsByOwner(registry: Readonly<Record<string, Entry>>): Record<string, Setting[]> {
  return Object.fromEntries(Object.entries(registry).map(([name, { config }]) => [name, settingsOf(config)]));
}
