/** latentedge in a Worker project that there is: its configuration, a recipe and a table to begin with. */
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
 * Adds what is missing and prints what remains to be done by hand; no file of the project's own is overwritten.
 * @returns The paths of the files that were written, relative to `folder`.
 * @throws {InputError} if the folder is no Worker project.
 */
export async function addToWorker(folder: string, print: (line: string) => void): Promise<string[]> {
  const config = CONFIGS.map((name) => join(folder, name)).find(existsSync);
  if (config === undefined) {
    throw new InputError(`${folder}: expected a Worker project with ${CONFIGS.join(' or ')}, found neither`);
  }
  const written = await addAliases(config, print);
  for (const [file, text] of Object.entries({ 'models.ts': MODELS, 'orders.csv': ordersCsv() })) {
    if (existsSync(join(folder, file))) {
      print(`${file} is there already and stays as it is`);
      continue;
    }
    await writeFiles(folder, { [file]: text });
    written.push(file);
  }
  const packages = Object.keys(DEVELOPMENT).filter((name) => name !== 'typescript');
  print(`
next:
  npm install latentedge && npm install --save-dev ${packages.join(' ')}
  npx latentedge train orders
in the Worker, mount the API in a Hono app:
  import { latentedge } from 'latentedge/edge';
  app.route('/ml', latentedge({ env }));
  npx latentedge serve
artifacts/ belongs in .gitignore
`);
  return written;
}

/** TOML takes tables in any order, so that they can be appended; JSON is left to whoever wrote its comments. */
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
