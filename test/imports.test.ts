import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** The other parts that each part may import. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  training: ['shared'],
  edge: ['shared'],
  scripts: ['training', 'edge', 'shared'],
};
/** Run in workerd, which has none of Node's modules. */
const WITHOUT_NODE = ['shared', 'edge'];
/** Modules that the bundler or workerd provides. */
const PROVIDED = /^(cloudflare|latentedge):/;

/** Static, dynamic and type imports, re-exports, and `require`. */
const IMPORT = /(?:^|[^\w.'])(?:from|import|require)\s*\(?\s*'([^'\n$]+)'/g;
/** Examples in doc comments import what their readers have. */
const COMMENT = /\/\*\*[\s\S]*?\*\//g;

interface Source {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly specifier: string;
  /** The file that is imported, relative to the root; undefined for a package. */
  readonly file?: string;
}

function importsOf({ path, text }: Source): Import[] {
  return [...text.replaceAll(COMMENT, '').matchAll(IMPORT)].map(([, specifier]) =>
    specifier!.startsWith('.')
      ? { specifier: specifier!, file: relative(ROOT, resolve(ROOT, dirname(path), specifier!)) }
      : { specifier: specifier! },
  );
}

/** The rooms of the architecture page, from the top down, by part. */
function readRooms(): Record<string, string[]> {
  const page = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');
  const rooms: Record<string, string[]> = {};
  for (const [, room] of page.matchAll(/^\| `((?:training|edge|scripts|shared)\/[^`]*)` \|/gm)) {
    const part = room!.split('/')[0]!;
    rooms[part] = [...(rooms[part] ?? []), room!];
  }
  return rooms;
}

const ROOMS = readRooms();

/** The room of a file: the longest that its path begins with; `part/*.ts` is every file right under the part. */
function roomOf(path: string): string | undefined {
  const part = path.split('/')[0]!;
  const matches = (ROOMS[part] ?? []).filter((room) =>
    room.endsWith('/*.ts') ? dirname(path) === dirname(room) : path.startsWith(room),
  );
  return matches.toSorted((a, b) => b.length - a.length)[0];
}

const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, object>;
const DECLARED = new Set([
  // The packages that are built from this tree, for the files that are written into other people's projects.
  ...['latentedge', 'latentedge-client'],
  ...['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.keys(packageJson[kind] ?? {}),
  ),
]);

/** `@scope/name/path` to `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The imports of a file that break a rule, each as a sentence. */
function violations(source: Source): string[] {
  const part = source.path.split('/')[0]!;
  const own = roomOf(source.path);
  if (own === undefined) return [`${source.path} is in no room of docs/ARCHITECTURE.md`];
  return importsOf(source).flatMap(({ specifier, file }) => {
    const says = (why: string) => [`${source.path} imports ${specifier}, ${why}`];
    if (file === undefined) {
      if (specifier.startsWith('node:') || builtinModules.includes(specifier))
        return WITHOUT_NODE.includes(part) ? says('which workerd does not have') : [];
      if (PROVIDED.test(specifier)) return [];
      return DECLARED.has(packageOf(specifier)) ? [] : says('which package.json does not declare');
    }
    if (file === 'package.json') return [];
    const target = file.split('/')[0]!;
    if (target !== part) return PARTS[part]!.includes(target) ? [] : says(`which ${part} may not import`);
    const room = roomOf(file);
    const order = ROOMS[part]!;
    if (room === undefined) return says('which is in no room');
    return room === own || order.indexOf(own) < order.indexOf(room) ? [] : says(`which is above ${own}`);
  });
}

/** The first circle of imports among the files, as the path around it; undefined where there is none. */
function circle(sources: readonly Source[]): string[] | undefined {
  const targets = new Map(
    sources.map((source) => [source.path, importsOf(source).flatMap(({ file }) => file ?? [])]),
  );
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of targets.get(path) ?? []) {
      const found = walk(next, [...trail, path]);
      if (found) return found;
    }
    done.add(path);
    return undefined;
  };
  for (const path of targets.keys()) {
    const found = walk(path, []);
    if (found) return found;
  }
  return undefined;
}

function sourcesOf(part: string): Source[] {
  return readdirSync(join(ROOT, part), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ path: join(part, file), text: readFileSync(join(ROOT, part, file), 'utf8') }));
}

const SOURCES = Object.keys(PARTS).flatMap(sourcesOf);

it.each(Object.keys(PARTS))('%s imports what is below it, and nothing undeclared', (part) => {
  const sources = SOURCES.filter(({ path }) => path.startsWith(`${part}/`));
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.flatMap(violations)).toEqual([]);
});

it('no files import each other in a circle', () => {
  expect(circle(SOURCES)).toBeUndefined();
});

it('every room of the architecture page exists', () => {
  const rooms = Object.values(ROOMS).flat();
  expect(rooms.length).toBeGreaterThan(40);
  expect(rooms.filter((room) => !existsSync(join(ROOT, room.replace('*.ts', ''))))).toEqual([]);
});

describe('an import that breaks a rule is found', () => {
  const WRONG: [rule: string, path: string, line: string][] = [
    ['of a room above', 'training/graph/value.ts', "import { fit } from '../fitting/fit.ts';"],
    ['of a type from a room above', 'training/data/rows.ts', "import type { Fit } from '../fitting/fit.ts';"],
    ['of a room above, within a room', 'training/evaluate/outputs.ts', "import './metrics/metrics.ts';"],
    ['of another part', 'training/train.ts', "import { createApp } from '../edge/app.ts';"],
    ['of a part above', 'shared/tensor.ts', "import { train } from '../training/train.ts';"],
    ['of a package that is not declared', 'training/data/npz.ts', "const zip = require('left-pad');"],
    [
      'of types of a package that is not declared',
      'edge/app.ts',
      "import type { A } from '@scope/undeclared/sub';",
    ],
    ['of Node in a Worker', 'edge/app.ts', "import { readFile } from 'node:fs/promises';"],
    ['made at run time', 'edge/models/models.ts', "await import('../app.ts');"],
    ['passed on', 'training/layers/layer.ts', "export { build } from '../models/model.ts';"],
  ];

  it.each(WRONG)('%s', (_, path, line) => {
    expect(violations({ path, text: '' })).toEqual([]);
    expect(violations({ path, text: line })).toHaveLength(1);
  });

  it('a circle of types', () => {
    const a = { path: 'training/a.ts', text: "import type { B } from './b.ts';" };
    const b = { path: 'training/b.ts', text: "import type { A } from './a.ts';" };
    expect(circle([a, b])).toEqual(['training/a.ts', 'training/b.ts', 'training/a.ts']);
  });

  it('a file outside the rooms', () => {
    expect(violations({ path: 'training/loose.ts', text: '' })).toHaveLength(1);
  });
});
