/**
 * The record of what a version of the Worker was built from: a variable of that version, `BUNDLED`. It tells
 * later builds which models, code and settings are deployed.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { WorkerBuild } from './build.ts';
import { readWorkerSettings } from './wranglerToml.ts';

/** Name of the variable. */
export const BUNDLED = 'BUNDLED';

export interface BundledRecord {
  /** Version of each bundled model, by name. */
  readonly models: Readonly<Record<string, string>>;
  /** First 12 hex digits of a hash of code and settings. */
  readonly code: string;
}

/**
 * Renders the record: `code:0a1b2c3d4e5f digits@fedcba987654 ...`.
 *
 * @example
 * recordText({ models: { digits: 'fedcba987654' }, code: '0a1b2c3d4e5f' });
 */
export function recordText({ models, code }: BundledRecord): string {
  const versions = Object.entries(models).map(([name, version]) => `${name}@${version}`);
  return [`code:${code}`, ...versions.sort()].join(' ');
}

/** Parses the record; undefined if the text is not one. */
export function parseRecord(text: string): BundledRecord | undefined {
  const [code, ...versions] = text.split(' ');
  if (!code?.startsWith('code:')) return undefined;
  const models = versions.map((each) => each.split('@') as [string, string]);
  return { code: code.slice('code:'.length), models: Object.fromEntries(models) };
}

const SourceMap = z.looseObject({
  sources: z.array(z.string()),
  sourcesContent: z.array(z.string().nullable()),
});

/** Modules that `bundleModels` makes of the models, and that are therefore no part of the code. */
const MADE_OF_MODELS = /(^|\/)bundle\/(models|frozen|slim|runtime)\.ts$/;

/**
 * Returns the hash of a build's sources, without its models, and of the variables in wrangler.toml. It does not depend
 * on the folder that the Worker was built in.
 */
export async function codeOf({ directory }: WorkerBuild): Promise<string> {
  const [file] = (await readdir(directory)).filter((each) => each.endsWith('.js.map'));
  const map = SourceMap.parse(JSON.parse(await readFile(join(directory, file!), 'utf8')));
  const sources = map.sources.flatMap((path, i) =>
    MADE_OF_MODELS.test(path) ? [] : [map.sourcesContent[i] ?? ''],
  );
  const { vars } = await readWorkerSettings();
  const hash = createHash('sha256').update(JSON.stringify([sources.sort(), Object.entries(vars).sort()]));
  return hash.digest('hex').slice(0, 12);
}
