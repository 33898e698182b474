/** Adding latentedge to an existing Worker project: configuration, a first recipe and a table. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'smol-toml';
import { InputError } from '../../shared/errors.ts';
import { replaceFile } from '../../training/files.ts';
import { ordersCsv } from './orders.ts';
import { ALIASES, DEVELOPMENT, MODELS } from './templates.ts';
import { writeFiles } from './writeProject.ts';

const CONFIGS = ['wrangler.toml', 'wrangler.jsonc', 'wrangler.json'];

/**
 * Adds missing files and configuration, and prints the steps that remain. No existing file of the project is
 * overwritten.
 * @returns The paths of the files that were written, relative to `folder`.
 * @throws {InputError} if the folder is not a Worker project.
 */
export async function addToWorker(folder: string, print: (line: string) => void): Promise<string[]> {
  const config = CONFIGS.map((name) => join(folder, name)).find(existsSync);
  if (config === undefined) {
    throw new InputError(
      `${folder}: expected a Worker project with ${CONFIGS.join(', ')}, found none of these files`,
    );
  }
  const written = await addAliases(config, print);
  for (const [file, text] of Object.entries({ 'models.ts': MODELS, 'orders.csv': ordersCsv() })) {
    if (existsSync(join(folder, file))) {
      print(`${file} exists already and is left unchanged`);
      continue;
    }
    await writeFiles(folder, { [file]: text });
    written.push(file);
  }
  const packages = Object.keys(DEVELOPMENT).filter((name) => name !== 'typescript');
  print(`
next, install latentedge and train a model:
  npm install latentedge && npm install --save-dev ${packages.join(' ')}
  npx latentedge train orders
mount the API in the Hono app of the Worker:
  import { latentedge } from 'latentedge/edge';
  import { workerModels } from 'latentedge/edge/bundled';
  app.route('/ml', latentedge({ models: workerModels() }));
then serve it locally:
  npx latentedge serve
and add artifacts/ to .gitignore
`);
  return written;
}

/**
 * Tables may be in any order in TOML, so they can be appended. JSON is not rewritten, since that would lose
 * its comments.
 */
async function addAliases(config: string, print: (line: string) => void): Promise<string[]> {
  const text = await readFile(config, 'utf8');
  if (text.includes('latentedge:models')) return [];
  const isToml = config.endsWith('.toml');
  if (isToml && parse(text).alias === undefined) {
    await replaceFile(config, [
      `${text.trimEnd()}\n\n# Models that latentedge bundles with the Worker.\n${ALIASES}`,
    ]);
    return [basename(config)];
  }
  const aliases = isToml ? ALIASES : JSON.stringify({ alias: parse(ALIASES).alias }, null, 2);
  print(`add to ${basename(config)}:\n${aliases}`);
  return [];
}
