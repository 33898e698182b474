/** A new project in a folder of its own. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { agentsText } from './agents.ts';
import { ordersCsv } from './orders.ts';
import {
  GITIGNORE,
  MODELS,
  NPMRC,
  packageText,
  readmeText,
  TSCONFIG,
  WORKER,
  wranglerText,
} from './templates.ts';
import { retrainWorkflow } from './workflow.ts';

/**
 * Writes the project and returns the paths of its files, relative to `folder`.
 * @throws {InputError} if the folder holds anything already.
 */
export async function writeProject(folder: string): Promise<string[]> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new InputError(
      `${folder}: expected a new or empty folder, found ${readdirSync(folder).slice(0, 3).join(', ')}; name another, or add latentedge to a Worker with --into`,
    );
  }
  const name = projectName(folder);
  const files = {
    'package.json': packageText(name),
    'wrangler.toml': wranglerText(name),
    'tsconfig.json': TSCONFIG,
    '.npmrc': NPMRC,
    '.gitignore': GITIGNORE,
    'README.md': readmeText(name),
    'AGENTS.md': agentsText(name),
    'models.ts': MODELS,
    'orders.csv': ordersCsv(),
    'src/worker.ts': WORKER,
    '.github/workflows/retrain.yml': retrainWorkflow({
      recipe: 'orders',
      commandLine: (command) => `npx latentedge ${command}`,
    }),
  };
  await writeFiles(folder, files);
  return Object.keys(files);
}

/** Writes files that are not there yet; others fail with EEXIST. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  }
}

/** A name for package, Worker and bucket: lower-case words joined by hyphens. */
function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return /^[a-z]/.test(name) ? name : `models-${name}`.replace(/-$/, '');
}
