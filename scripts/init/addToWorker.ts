/** Adding latentedge to an existing Worker project: configuration, a first recipe and a table. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { parse } from 'smol-toml';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { replaceFile } from '../../training/files.ts';
import { CONFIGS, commandLine } from '../cli/places.ts';
import { requireWrangler } from '../worker/cloudflare.ts';
import { ordersCsv } from './orders.ts';
import { ALIASES, DEVELOPMENT, MODELS } from './templates.ts';
import { writeFiles } from './writeProject.ts';

/**
 * Adds missing files, and lines to the configuration and to .gitignore. Nothing that the project has is
 * overwritten.
 * @returns The paths of the files that were written, relative to `folder`.
 * @throws {InputError} if the folder is not a Worker project.
 */
export async function addToWorker(folder: string, print: (line: string) => void): Promise<string[]> {
  const config = CONFIGS.map((name) => join(folder, name)).find(existsSync);
  if (config === undefined) {
    throw new InputError(
      `${folder}: expected a Worker project with ${CONFIGS.join(', ')}, found none of these files; ${commandLine('init')} my-models, without --into, writes a project with one`,
    );
  }
  const changed = [...(await addAliases(config)), ...(await addIgnored(join(folder, '.gitignore')))];
  for (const [file, text] of Object.entries({ 'models.ts': MODELS, 'orders.csv': ordersCsv() })) {
    if (existsSync(join(folder, file))) {
      print(`${file} exists already and is left unchanged`);
      continue;
    }
    await writeFiles(folder, { [file]: text });
    changed.push(file);
  }
  return changed;
}

/** What the owner of the Worker does next: what the project does not depend on yet is installed first. */
export async function nextInWorker(folder: string): Promise<string> {
  const path = join(folder, 'package.json');
  const { dependencies = {}, devDependencies = {} } = existsSync(path)
    ? Dependencies.parse(JSON.parse(await readFile(path, 'utf8')))
    : {};
  const has = (name: string) => name in dependencies || name in devDependencies;
  const missing = Object.entries(DEVELOPMENT).filter(([name]) => name !== 'typescript' && !has(name));
  const development = missing.map(([name, version]) => (/^\d/.test(version) ? `${name}@${version}` : name));
  return [
    '\nnext:',
    ...(has('latentedge') ? [] : ['  npm install latentedge']),
    ...(development.length === 0 ? [] : [`  npm install --save-dev ${development.join(' ')}`]),
    '  npx latentedge train orders',
    '  (a table of your own: npx latentedge train anomaly --data <file> --name <name>)',
    '\nmount the API in the Worker, here a Hono app:',
    "  import { latentedge } from 'latentedge/edge';",
    "  import { workerModels } from 'latentedge/edge/bundled';",
    "  app.route('/ml', latentedge({ models: workerModels() }));",
    '\nthen run the Worker:',
    '  npx latentedge serve',
  ].join('\n');
}

const Names = z.record(z.string(), z.string()).optional();
const Dependencies = z.object({ dependencies: Names, devDependencies: Names });

async function addAliases(config: string): Promise<string[]> {
  const text = await readFile(config, 'utf8');
  if (text.includes('latentedge:models')) return [];
  // Wrangler keeps the comments of JSON, but not those of TOML.
  if (extname(config) === '.toml') await replaceFile(config, [withAliases(text)]);
  else requireWrangler().experimental_patchConfig(config, { alias: parse(ALIASES).alias });
  return [basename(config)];
}

/** TOML takes tables in any order, so that a new one can be appended. */
function withAliases(toml: string): string {
  const [header, ...lines] = ALIASES.split('\n');
  const added = `# Models that latentedge bundles with the Worker.\n`;
  if (parse(toml).alias === undefined) return `${toml.trimEnd()}\n\n${added}${ALIASES}`;
  const table = /^\[alias\][ \t]*(?:#.*)?$/m.exec(toml);
  if (table === null) {
    throw new InputError(
      `alias in the Worker's configuration: expected a table with the header ${header}, found another form; write it so, or add these lines to it:\n${lines.join('\n')}`,
    );
  }
  const end = table.index + table[0].length;
  return `${toml.slice(0, end)}\n${added}${lines.join('\n').trimEnd()}${toml.slice(end)}`;
}

/** Artifacts are made from the data again, and hold rows of it. */
async function addIgnored(path: string): Promise<string[]> {
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  if (/^\/?artifacts\/?$/m.test(text)) return [];
  await replaceFile(path, [text === '' ? 'artifacts/\n' : `${text.trimEnd()}\nartifacts/\n`]);
  return [basename(path)];
}
