import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** What each part may import of the others: downwards only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  training: ['shared'],
  edge: ['shared'],
  scripts: ['training', 'edge', 'shared'],
};
/** These run in workerd, where Node's modules do not exist. */
const WITHOUT_NODE = ['shared', 'edge'];

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g;

function sources(part: string): string[] {
  return readdirSync(join(ROOT, part), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(ROOT, part, file));
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1]!);
}

/** Imports of `file` that break the rules, as text. */
function violations(part: string, file: string): string[] {
  const allowed = [part, ...MAY_IMPORT[part]!];
  return importsOf(file).flatMap((specifier) => {
    const place = relative(ROOT, file);
    if (specifier.startsWith('.')) {
      const target = relative(ROOT, resolve(dirname(file), specifier)).split(sep)[0]!;
      const isProjectFile = target === 'package.json';
      return allowed.includes(target) || isProjectFile ? [] : [`${place} imports ${specifier}`];
    }
    const needsNode = specifier.startsWith('node:') && WITHOUT_NODE.includes(part);
    return needsNode ? [`${place} imports ${specifier}, which workerd does not have`] : [];
  });
}

it.each(Object.keys(MAY_IMPORT))('%s imports downwards only', (part) => {
  const files = sources(part);
  expect(files.length).toBeGreaterThan(0);
  expect(files.flatMap((file) => violations(part, file))).toEqual([]);
});

it('sees the imports that it judges', () => {
  const training = sources('training').flatMap(importsOf);
  expect(training.some((specifier) => specifier.endsWith('shared/manifest.ts'))).toBe(true);
  expect(violations('shared', join(ROOT, 'training/train.ts'))).not.toEqual([]);
});
