/** `npm run models -- <action>`: lists, shows, deletes, backs up and restores versions of models. */
import { Argument, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../shared/errors.ts';
import { command, printer, run } from './cli/command.ts';
import { withEnvironmentFlag } from './cli/environmentFlag.ts';
import { summaries } from './cli/flags.ts';
import { kib } from './cli/kib.ts';
import { manifestTable } from './cli/tables.ts';
import { backUp, restore } from './retrain/inventory/backup.ts';
import {
  deleteVersion,
  entryOf,
  graphBytes,
  type InventoryEntry,
  type InventoryOptions,
  inventory,
  prunable,
} from './retrain/inventory/inventory.ts';
import { RELEASE_NAMES, RELEASES, type ReleaseName } from './retrain/release/registry.ts';
import { TARGET_NAMES, TARGETS, type TargetName } from './retrain/targets/registry.ts';

interface ModelsFlags {
  readonly target: TargetName;
  readonly release?: ReleaseName;
  readonly out: string;
  readonly keep: number;
  readonly dryRun: boolean;
  readonly json?: boolean;
}

interface ActionReply {
  readonly lines: readonly string[];
  readonly json: unknown;
}

interface Action {
  readonly summary: string;
  readonly run: (
    options: InventoryOptions,
    subject: string | undefined,
    flags: ModelsFlags,
  ) => Promise<ActionReply>;
}

const ACTIONS = {
  list: {
    summary: 'versions of all models, or of one',
    run: async (options, subject) => {
      const entries = await inventory({ ...options, ...(subject !== undefined && { model: subject }) });
      const lines = entries.length === 0 ? ['there is no model'] : entries.map(lineOf);
      return { lines, json: { versions: entries.map(summaryOf) } };
    },
  },
  show: {
    summary: 'one version: what it was trained on, and its metrics',
    run: async (options, subject) => {
      const entry = entryOf(options.target, await inventory(options), required(subject, 'model@version'));
      const { manifest } = entry;
      const more = manifest === undefined ? [] : [`data: ${manifest.data.source}`, manifestTable(manifest)];
      return {
        lines: [lineOf(entry), ...more],
        json: { ...summaryOf(entry), ...(manifest && { manifest }) },
      };
    },
  },
  prune: {
    summary:
      'delete all but the newest versions, as many that were not promoted, and those that aliases name',
    run: async (options, subject, { keep }) => {
      const entries = await inventory({ ...options, ...(subject !== undefined && { model: subject }) });
      const old = prunable(entries, keep);
      for (const each of old) await deleteVersion(options, each);
      return {
        lines: [
          ...old.map((each) => `deleted ${lineOf(each)}`),
          `${entries.length - old.length} versions stay`,
        ],
        json: { deleted: old.map(summaryOf) },
      };
    },
  },
  delete: {
    summary: 'delete one version everywhere',
    run: async (options, subject) => {
      const entry = entryOf(options.target, await inventory(options), required(subject, 'model@version'));
      await deleteVersion(options, entry);
      return { lines: [`deleted ${lineOf(entry)}`], json: { deleted: [summaryOf(entry)] } };
    },
  },
  backup: {
    summary: 'copy the bucket to a folder',
    run: async ({ target }, subject) => {
      const keys = await backUp(target.bucket, required(subject, 'a folder'));
      return { lines: [`${keys.length} objects copied to ${subject}`], json: { keys } };
    },
  },
  restore: {
    summary: 'copy what the bucket lacks from such a folder',
    run: async ({ target }, subject) => {
      const keys = await restore(target.bucket, required(subject, 'a folder'));
      return { lines: [`${keys.length} objects restored from ${subject}`], json: { keys } };
    },
  },
} as const satisfies Record<string, Action>;

const program = withEnvironmentFlag(
  command('models', 'List, show, delete, back up and restore versions of models.'),
)
  .usage('<action> [subject] [options]')
  .addArgument(new Argument('<action>', summaries(ACTIONS)).choices(Object.keys(ACTIONS)))
  .argument('[subject]', 'a model, model@version, or a folder')
  .addOption(
    new Option('--target <name>', `where the bucket is: ${summaries(TARGETS)}`)
      .choices(TARGET_NAMES)
      .default('local'),
  )
  .addOption(
    new Option('--release <kind>', `with --target cloudflare: ${summaries(RELEASES)}`).choices(RELEASE_NAMES),
  )
  .option(
    '--keep <number>',
    'with prune: versions of each model that stay, and as many that were refused, rolled back or not yet promoted',
    parseKeep,
    5,
  )
  .option('--out <folder>', 'folder of the artifacts', 'artifacts')
  .option('--dry-run', 'only print what would be written and deleted in the bucket', false)
  .action(async (action: keyof typeof ACTIONS, subject: string | undefined, flags: ModelsFlags) => {
    const print = printer(flags.json);
    const { target: name, release, dryRun, out } = flags;
    const target = await TARGETS[name].open({
      ...{ url: undefined, release, replaceCode: false },
      ...{ dryRun, serves: false, print },
    });
    try {
      const { lines, json } = await (ACTIONS[action] as Action).run({ target, out, dryRun }, subject, flags);
      for (const line of lines) print(line);
      if (flags.json) console.log(JSON.stringify(json));
    } finally {
      await target.close();
    }
  });

function lineOf({ name, version, manifest, places, aliases, unpromoted, damage }: InventoryEntry): string {
  const states = [...aliases, ...(unpromoted === null ? [] : [unpromoted])];
  const named = states.length === 0 ? '' : `  ${states.join(', ')}`;
  const made = manifest === undefined ? '' : `  ${manifest.createdAt}  ${kib(graphBytes(manifest))}`;
  const damaged = damage.length === 0 ? '' : `  damaged: ${damage.join('; ')}`;
  return `${name}@${version}${made}  ${places.join(', ')}${named}${damaged}`;
}

function summaryOf({ name, version, manifest, places, aliases, unpromoted, damage }: InventoryEntry) {
  const known = manifest && {
    ...{ createdAt: manifest.createdAt, bytes: graphBytes(manifest), metrics: manifest.metrics },
  };
  return { name, version, ...known, places, aliases, unpromoted, damage };
}

function required(subject: string | undefined, what: string): string {
  if (subject !== undefined) return subject;
  throw new InputError(`expected ${what} after the action`);
}

function parseKeep(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text)) return value;
  throw new InvalidArgumentError('expected a whole number.');
}

await run(program);
